//! Client of the payment provider.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

const ATTEMPTS: u32 = 3;

#[derive(Serialize)]
struct ChargeRequest<'a> {
    amount_pence: u64,
    currency: &'a str,
    source: &'a str,
    reference: Uuid,
}

/// A charge as the provider knows it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Charge {
    pub id: String,
    pub status: String,
}

#[derive(Debug)]
pub enum ProviderError {
    /// The card or the bank said no.
    Refused,
    /// The provider did not answer in time.
    Unavailable(reqwest::Error),
}

pub struct Provider {
    http: reqwest::Client,
    base_url: String,
    key: String,
}

impl Provider {
    pub fn new(base_url: String, key: String) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_millis(500))
            .timeout(Duration::from_millis(1_800))
            .https_only(base_url.starts_with("https://"))
            .build()?;
        Ok(Self {
            http,
            base_url,
            key,
        })
    }

    /// Asks for money. The order is the idempotency key, so that a repeated request charges once.
    pub async fn charge(
        &self,
        order: Uuid,
        pence: u64,
        source: &str,
    ) -> Result<Charge, ProviderError> {
        let body = ChargeRequest {
            amount_pence: pence,
            currency: "GBP",
            source,
            reference: order,
        };
        let mut attempt = 1;
        loop {
            let sent = self
                .http
                .post(format!("{}/charges", self.base_url))
                .bearer_auth(&self.key)
                .header("Idempotency-Key", order.to_string())
                .json(&body)
                .send()
                .await
                .and_then(reqwest::Response::error_for_status);
            match sent {
                Ok(answer) => return answer.json().await.map_err(ProviderError::Unavailable),
                Err(e) if e.status().is_some_and(|s| s.is_client_error()) => {
                    return Err(ProviderError::Refused);
                }
                Err(e) if attempt == ATTEMPTS => return Err(ProviderError::Unavailable(e)),
                Err(e) => tracing::warn!(%order, attempt, error = %e, "provider failed"),
            }
            tokio::time::sleep(Duration::from_millis(100 * u64::from(attempt))).await;
            attempt += 1;
        }
    }
}

//! HTTP API of the payments.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use metrics::counter;
use metrics_exporter_prometheus::PrometheusHandle;
use serde::Deserialize;
use uuid::Uuid;

use crate::events::{Events, PaymentResult};
use crate::provider::{Provider, ProviderError};
use crate::signature;

pub struct State {
    pub provider: Provider,
    pub events: Events,
    pub webhook_secret: String,
    pub metrics: PrometheusHandle,
}

type Shared = extract::State<Arc<State>>;

pub fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/v1/charges", post(charge))
        .route("/webhooks/quaypay", post(webhook))
        .route("/healthz", get(|| async { "ok" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(state)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChargeRequest {
    order_id: Uuid,
    pence: u64,
    payment_token: String,
}

async fn charge(extract::State(state): Shared, Json(wish): Json<ChargeRequest>) -> Response {
    let result = state
        .provider
        .charge(wish.order_id, wish.pence, &wish.payment_token)
        .await;
    match result {
        Ok(charge) => {
            counter!("payments_charges_total", "result" => "accepted").increment(1);
            tracing::info!(order = %wish.order_id, charge = %charge.id, "charge accepted");
            (StatusCode::CREATED, Json(charge)).into_response()
        }
        Err(ProviderError::Refused) => {
            counter!("payments_charges_total", "result" => "refused").increment(1);
            StatusCode::PAYMENT_REQUIRED.into_response()
        }
        Err(ProviderError::Unavailable(error)) => {
            counter!("payments_charges_total", "result" => "unavailable").increment(1);
            tracing::error!(order = %wish.order_id, %error, "provider does not answer");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

#[derive(Deserialize)]
struct Notice {
    charge_id: String,
    reference: Uuid,
    settled: bool,
}

/// The provider repeats a notice until it gets a 2xx, so a broker that is down loses nothing.
async fn webhook(extract::State(state): Shared, headers: HeaderMap, body: Bytes) -> StatusCode {
    let given = headers
        .get("x-quaypay-signature")
        .and_then(|v| v.to_str().ok())
        .unwrap_or("");
    if !signature::is_valid(&state.webhook_secret, &body, given) {
        counter!("payments_webhooks_total", "result" => "forged").increment(1);
        return StatusCode::UNAUTHORIZED;
    }
    let Ok(notice) = serde_json::from_slice::<Notice>(&body) else {
        return StatusCode::BAD_REQUEST;
    };
    let result = PaymentResult {
        order_id: notice.reference,
        charge_id: notice.charge_id,
    };
    let sent = if notice.settled {
        state.events.settled(&result).await
    } else {
        state.events.failed(&result).await
    };
    match sent {
        Ok(()) => {
            counter!("payments_webhooks_total", "result" => "passed_on").increment(1);
            StatusCode::NO_CONTENT
        }
        Err(error) => {
            tracing::error!(%error, "broker does not answer");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

async fn ready(extract::State(state): Shared) -> StatusCode {
    if state.events.is_open() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    }
}

async fn metrics(extract::State(state): Shared) -> String {
    state.metrics.render()
}

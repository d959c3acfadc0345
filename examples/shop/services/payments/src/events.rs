//! Tells the rest of the shop about payments.

use lapin::options::{BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Channel, Connection, ConnectionProperties, ExchangeKind};
use serde::Serialize;
use uuid::Uuid;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentResult {
    pub order_id: Uuid,
    pub charge_id: String,
}

pub struct Events {
    channel: Channel,
}

impl Events {
    pub async fn connect(url: &str) -> lapin::Result<Self> {
        let connection = Connection::connect(url, ConnectionProperties::default()).await?;
        let channel = connection.create_channel().await?;
        channel
            .confirm_select(ConfirmSelectOptions::default())
            .await?;
        channel
            .exchange_declare(
                "shop.events",
                ExchangeKind::Topic,
                ExchangeDeclareOptions {
                    durable: true,
                    ..Default::default()
                },
                FieldTable::default(),
            )
            .await?;
        Ok(Self { channel })
    }

    pub async fn settled(&self, result: &PaymentResult) -> lapin::Result<()> {
        self.publish("payment.settled", result).await
    }

    pub async fn failed(&self, result: &PaymentResult) -> lapin::Result<()> {
        self.publish("payment.failed", result).await
    }

    async fn publish(&self, routing_key: &str, result: &PaymentResult) -> lapin::Result<()> {
        let body = serde_json::to_vec(result).unwrap_or_default();
        let persistent = BasicProperties::default().with_delivery_mode(2);
        self.channel
            .basic_publish(
                "shop.events",
                routing_key,
                BasicPublishOptions::default(),
                &body,
                persistent,
            )
            .await?
            .await?;
        Ok(())
    }

    pub fn is_open(&self) -> bool {
        self.channel.status().connected()
    }
}

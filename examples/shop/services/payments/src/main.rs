use std::env;
use std::sync::Arc;

use metrics_exporter_prometheus::PrometheusBuilder;
use payments::events::Events;
use payments::provider::Provider;
use payments::routes::{State, router};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    tracing_subscriber::fmt()
        .json()
        .with_env_filter(EnvFilter::from_default_env())
        .init();
    let metrics = PrometheusBuilder::new().install_recorder()?;

    let provider = Provider::new(
        env::var("PAYMENT_PROVIDER_URL")
            .unwrap_or_else(|_| "https://api.quaypay.example/v1".to_owned()),
        env::var("PAYMENT_PROVIDER_KEY")?,
    )?;
    let host = env::var("RABBITMQ_HOST").unwrap_or_else(|_| "localhost".to_owned());
    let port = env::var("RABBITMQ_PORT").unwrap_or_else(|_| "5672".to_owned());
    let user = env::var("RABBITMQ_USER")?;
    let password = env::var("RABBITMQ_PASSWORD")?;
    let events = Events::connect(&format!("amqp://{user}:{password}@{host}:{port}/%2f")).await?;

    let state = Arc::new(State {
        provider,
        events,
        webhook_secret: env::var("PAYMENT_WEBHOOK_SECRET")?,
        metrics,
    });
    let address = env::var("LISTEN_ADDR").unwrap_or_else(|_| "0.0.0.0:8090".to_owned());
    let listener = TcpListener::bind(&address).await?;
    tracing::info!(%address, "payments listens");
    let mut terminate = signal(SignalKind::terminate())?;
    axum::serve(listener, router(state))
        .with_graceful_shutdown(async move {
            terminate.recv().await;
        })
        .await?;
    Ok(())
}

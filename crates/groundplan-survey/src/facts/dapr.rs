//! What Dapr is told about the products behind its building blocks.

use serde::{Deserialize, Serialize};

/// A component of Dapr, or a subscription to one: what applications reach by its name
/// (<https://docs.dapr.io/concepts/components-concept/>).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaprComponent {
    /// Name that applications use; of a subscription the name of the component.
    pub name: String,
    /// `state.redis`, `pubsub.kafka`; `subscription` for one of those.
    pub kind: String,
    /// Applications that may use it, by their id; all where it lists none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Addresses of the product, without credentials.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// Topic of a subscription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
}

//! Parsers with positions behind our own types.
//!
//! Invariant: this crate speaks of text, tokens, nodes and lines; it knows nothing of architecture,
//! of files on disk, or of the vocabulary beyond evidence.

mod alternatives;
pub mod blocks;
mod code;
mod definitions;
pub mod finders;
mod fold;
mod functions;
pub mod hcl;
mod json;
mod language;
mod lex;
mod lines;
pub mod markers;
mod outline;
pub mod paths;
pub mod patterns;
mod template;
mod toml;
mod tree;
mod xml;
mod yaml;

pub use code::{Annotation, Call, Code};
pub use definitions::Definition;
pub use fold::Known;
pub use functions::Function;
pub use json::json;
pub use language::Language;
pub use lex::{Token, TokenKind};
pub use lines::{Lines, hash_lines};
pub use outline::{DeclKind, Declared, Outline, TypeDecl};
pub use template::{Body, Budget, Data, Rendered, Templates, UNKNOWN, template_actions};
pub use toml::toml;
pub use tree::{Key, Node, SyntaxError, Value};
pub use xml::xml;
pub use yaml::yaml;

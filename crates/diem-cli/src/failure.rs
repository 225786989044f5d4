//! What a user is told when something did not work: what failed, with which values, why,
//! and what to try.

use crate::output::one_line;
use std::fmt;

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Failure>;

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The chain refused, a check failed, or what was asked for is not there: exit code 1.
    Refused,
    /// Wrong use, or something needed is broken: exit code 2.
    Broken,
}

/// An error in four parts, each of one line: what a chain says cannot add parts of its own.
#[derive(Clone, Debug)]
pub struct Failure {
    kind: Kind,
    what: String,
    values: Vec<(&'static str, String)>,
    cause: String,
    hint: Option<String>,
}

impl Failure {
    /// The chain or a check said no.
    pub fn refused(what: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::new(Kind::Refused, what.into(), cause.into())
    }

    /// Wrong use, or a broken environment.
    pub fn broken(what: impl Into<String>, cause: impl Into<String>) -> Self {
        Self::new(Kind::Broken, what.into(), cause.into())
    }

    fn new(kind: Kind, what: String, cause: String) -> Self {
        Self {
            kind,
            what: one_line(&what),
            values: Vec::new(),
            cause: one_line(&cause),
            hint: None,
        }
    }

    /// Adds a value that was in play.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.push((name, one_line(&value.to_string())));
        self
    }

    /// Says what to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(one_line(&hint.into()));
        self
    }

    /// Why it failed, in one sentence.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// Whether the chain or a check said no, rather than that something is broken.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.kind == Kind::Refused
    }

    /// 1 when refused, 2 when used wrongly or broken.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            Kind::Refused => 1,
            Kind::Broken => 2,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what)?;
        for (name, value) in &self.values {
            write!(f, "\n  {name}: {value}")?;
        }
        write!(f, "\n  because: {}", self.cause)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  try: {hint}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

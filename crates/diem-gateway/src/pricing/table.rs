//! Price tables: the gateway's own, in TOML or JSON, and LiteLLM's list of models as it is.

use std::{collections::BTreeMap, path::PathBuf};

use serde::Deserialize;

use super::{NotDecimal, Rate, decimal_up, litellm, rate::ModelPrice};
use crate::money::Usd;

/// What one image in a request is read as at most, where no table says it.
const IMAGE_INPUT: u64 = 4096;

/// A table that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PriceError {
    /// The file cannot be read.
    #[error("cannot read the price table {0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// The text is no table.
    #[error("{0} is no price table: {1}")]
    Form(String, String),
    /// An amount in it is none.
    #[error("the {field} of model {model:?}: {cause}")]
    Amount {
        /// The model's name.
        model: String,
        /// The field.
        field: String,
        /// What is wrong with it.
        cause: NotDecimal,
    },
}

/// The models sold and their prices. A model without a price is not in it, and is not sold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    models: BTreeMap<String, ModelPrice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    models: BTreeMap<String, Entry>,
}

/// Amounts are decimal texts in dollars: tokens by the million, the rest by the piece.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    input: String,
    cached: Option<String>,
    output: Option<String>,
    request: Option<String>,
    image: Option<String>,
    max_input: Option<u64>,
    max_output: Option<u64>,
    image_input: Option<u64>,
}

impl Prices {
    /// The gateway's own table in TOML: `[models."name"]`, `input = "0.15"` in dollars for a million tokens.
    pub fn from_toml(text: &str) -> Result<Self, PriceError> {
        Self::from_table(
            toml::from_str(text)
                .map_err(|error| PriceError::Form("the TOML".into(), error.to_string()))?,
        )
    }

    /// The gateway's own table in JSON (an object with `models`), or LiteLLM's list of models, told by that field.
    pub fn from_json(text: &str) -> Result<Self, PriceError> {
        #[derive(Deserialize)]
        struct Probe {
            models: Option<BTreeMap<String, Probed>>,
        }
        #[derive(Deserialize)]
        struct Probed {
            #[serde(rename = "input")]
            _input: String,
        }
        let own = serde_json::from_str::<Probe>(text).is_ok_and(|probe| probe.models.is_some());
        if own {
            let table = serde_json::from_str(text);
            return Self::from_table(
                table.map_err(|error| PriceError::Form("the JSON".into(), error.to_string()))?,
            );
        }
        Ok(Self {
            models: litellm::read(text)?,
        })
    }

    /// The table in the file, TOML where its name ends so, else JSON.
    pub fn from_file(path: &std::path::Path) -> Result<Self, PriceError> {
        let text =
            std::fs::read_to_string(path).map_err(|error| PriceError::Read(path.into(), error))?;
        match path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            true => Self::from_toml(&text),
            false => Self::from_json(&text),
        }
    }

    /// Adds the models of `later`, whose price counts where both have one.
    pub fn extend(&mut self, later: Self) {
        self.models.extend(later.models);
    }

    /// The price of a model, or `None` where it is not sold.
    pub fn of(&self, model: &str) -> Option<&ModelPrice> {
        self.models.get(model)
    }

    /// All models sold, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ModelPrice)> {
        self.models
            .iter()
            .map(|(name, price)| (name.as_str(), price))
    }

    fn from_table(table: Table) -> Result<Self, PriceError> {
        let models = table
            .models
            .into_iter()
            .map(|(name, entry)| Ok((name.clone(), entry.price(&name)?)));
        Ok(Self {
            models: models.collect::<Result<_, PriceError>>()?,
        })
    }
}

impl Entry {
    fn price(self, model: &str) -> Result<ModelPrice, PriceError> {
        let amount = |field: &str, text: Option<&str>| {
            let wrong = |cause| PriceError::Amount {
                model: model.into(),
                field: field.into(),
                cause,
            };
            text.map(|text| decimal_up(text, 18))
                .transpose()
                .map_err(wrong)
        };
        // Dollars with 18 decimals for a million tokens are units of 1e-24 dollar for one.
        let input = amount("input", Some(&self.input))?.unwrap_or_default();
        Ok(ModelPrice {
            input: Rate(input),
            cached: Rate(amount("cached", self.cached.as_deref())?.unwrap_or(input)),
            output: Rate(amount("output", self.output.as_deref())?.unwrap_or_default()),
            request: Usd(amount("request", self.request.as_deref())?.unwrap_or_default()),
            image: Usd(amount("image", self.image.as_deref())?.unwrap_or_default()),
            pixel: Rate(0),
            max_input: self.max_input,
            max_output: self.max_output,
            image_input: self.image_input.unwrap_or(IMAGE_INPUT),
        })
    }
}

pub(super) const fn image_input() -> u64 {
    IMAGE_INPUT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::Counts;

    #[test]
    fn the_same_prices_from_toml_json_and_litellm() {
        let toml = r#"
            [models."small"]
            input = "0.15"
            cached = "0.075"
            output = "0.6"
            max_output = 16384
            max_input = 128000
        "#;
        let json = r#"{"models": {"small": {"input": "0.15", "cached": "0.075", "output": "0.60",
            "max_output": 16384, "max_input": 128000}}}"#;
        let litellm = r#"{
            "sample_spec": {"input_cost_per_token": 0.0, "max_tokens": "LEGACY parameter", "mode": "one of"},
            "small": {"cache_read_input_token_cost": 7.5e-08, "input_cost_per_token": 1.5e-07, "mode": "chat",
                "output_cost_per_token": 6e-07, "max_output_tokens": 16384, "max_input_tokens": 128000},
            "unpriced": {"mode": "chat", "max_tokens": 10}
        }"#;
        let own = Prices::from_toml(toml).unwrap();
        assert_eq!(own, Prices::from_json(json).unwrap());
        assert_eq!(own, Prices::from_json(litellm).unwrap());
        let counts = Counts {
            input: 1_000_000,
            output: 1_000_000,
            ..Counts::default()
        };
        assert_eq!(
            own.of("small").unwrap().cost_up(counts).unwrap(),
            Usd(750_000_000_000_000_000)
        );
    }

    #[test]
    fn a_model_without_a_price_is_not_sold() {
        let prices =
            Prices::from_json(r#"{"dark": {"mode": "chat", "max_tokens": 8192}}"#).unwrap();
        assert!(prices.of("dark").is_none());
        assert_eq!(prices.iter().count(), 0);
    }

    #[test]
    fn a_wrong_amount_names_model_and_field() {
        let error = Prices::from_toml("[models.m]\ninput = \"0.1\"\noutput = \"-1\"")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("output") && error.contains("\"m\"") && error.contains("-1"),
            "{error}"
        );
        assert!(
            Prices::from_toml("[models.m]\ninput = \"1\"\nouptut = \"1\"").is_err(),
            "a mistyped field is not free"
        );
        let error = Prices::from_json(
            r#"{"m": {"input_cost_per_token": -1e-6, "output_cost_per_token": 1}}"#,
        );
        assert!(
            error
                .unwrap_err()
                .to_string()
                .contains("input_cost_per_token")
        );
    }
}

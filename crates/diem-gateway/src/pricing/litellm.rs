//! LiteLLM's list of models and prices, read as it is.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{
    Rate, decimal_up,
    rate::ModelPrice,
    table::{PriceError, image_input},
};
use crate::money::Usd;

/// A stated example in the list, no model.
const EXAMPLE: &str = "sample_spec";

/// The models of the list that have a price for what they read, or for an image.
///
/// Amounts are taken from their text, not through a float. Fields that the gateway cannot count (audio, searches,
/// other tiers) are left out; a model that has only such prices is not sold.
pub(super) fn read(text: &str) -> Result<BTreeMap<String, ModelPrice>, PriceError> {
    let list: BTreeMap<String, BTreeMap<String, &RawValue>> = serde_json::from_str(text)
        .map_err(|error| PriceError::Form("LiteLLM's list".into(), error.to_string()))?;
    let mut models = BTreeMap::new();
    for (name, fields) in list {
        if name != EXAMPLE
            && let Some(price) = price(&name, &fields)?
        {
            models.insert(name, price);
        }
    }
    Ok(models)
}

fn price(
    model: &str,
    fields: &BTreeMap<String, &RawValue>,
) -> Result<Option<ModelPrice>, PriceError> {
    let amount = |field: &str, scale: u32| match fields.get(field).map(|value| value.get()) {
        None | Some("null") => Ok(None),
        Some(text) => decimal_up(text.trim_matches('"'), scale)
            .map(Some)
            .map_err(|cause| PriceError::Amount {
                model: model.into(),
                field: field.into(),
                cause,
            }),
    };
    let limit = |field: &str| {
        fields
            .get(field)
            .and_then(|value| value.get().parse::<u64>().ok())
    };
    let input = amount("input_cost_per_token", 24)?;
    let output = amount("output_cost_per_token", 24)?;
    let image = amount("output_cost_per_image", 18)?.or(amount("input_cost_per_image", 18)?);
    let pixel = amount("output_cost_per_pixel", 24)?.or(amount("input_cost_per_pixel", 24)?);
    let mode = fields
        .get("mode")
        .map_or("", |mode| mode.get().trim_matches('"'));
    let draws = mode == "image_generation";
    // What a picture in a prompt costs is counted in tokens; only a model that draws is paid by the picture.
    let (image, pixel) = if draws { (image, pixel) } else { (None, None) };
    // A model that writes is not given away because the list forgot one of its prices.
    let writes = matches!(mode, "chat" | "completion" | "responses" | "");
    let sold = if writes {
        input.is_some() && output.is_some()
    } else {
        [input, image, pixel].iter().any(Option::is_some)
    };
    if !sold {
        return Ok(None);
    }
    let input = input.unwrap_or_default();
    Ok(Some(ModelPrice {
        input: Rate(input),
        cached: Rate(amount("cache_read_input_token_cost", 24)?.unwrap_or(input)),
        output: Rate(output.unwrap_or_default()),
        request: Usd(amount("input_cost_per_request", 18)?.unwrap_or_default()),
        image: Usd(image.unwrap_or_default()),
        pixel: Rate(pixel.unwrap_or_default()),
        max_input: limit("max_input_tokens"),
        max_output: limit("max_output_tokens").or_else(|| limit("max_tokens")),
        image_input: image_input(),
    }))
}

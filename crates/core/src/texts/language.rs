//! Which of our languages someone reads.

use unic_langid::LanguageIdentifier;

/// The place of the best of `ours` for a language code such as `zh-hans`, `pt-br` or `en`.
///
/// Same language comes first; among several, the same region, then the same script.
pub(super) fn best<'l>(wanted: &str, ours: impl Iterator<Item = &'l LanguageIdentifier>) -> Option<usize> {
    let wanted: LanguageIdentifier = wanted.parse().ok()?;
    let wanted_script = script(&wanted);
    let score = |id: &LanguageIdentifier| {
        let region = wanted.region.is_some() && id.region == wanted.region;
        let script = wanted_script == script(id);
        usize::from(region) * 2 + usize::from(script) + 1
    };
    ours.enumerate()
        .filter(|(_, id)| id.language == wanted.language)
        .map(|(place, id)| (score(id), std::cmp::Reverse(place)))
        .max()
        .map(|(_, place)| place.0)
}

/// The script, also where only a region or nothing says it: Chinese is the one language of ours that has two.
fn script(id: &LanguageIdentifier) -> &str {
    match (&id.script, id.language.as_str(), id.region.as_ref().map(unic_langid::subtags::Region::as_str)) {
        (Some(script), ..) => script.as_str(),
        (None, "zh", Some("TW" | "HK" | "MO")) => "Hant",
        (None, "zh", _) => "Hans",
        (None, ..) => "",
    }
}

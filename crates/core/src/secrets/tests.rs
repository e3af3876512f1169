use super::*;

fn env(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn secrets(pairs: &[(&str, &str)], credentials: Option<&Path>) -> Secrets {
    Secrets::local(&env(pairs), credentials, Masker::new([7; 32]))
}

fn found(secrets: &Secrets) -> (String, String) {
    let found = secrets.read("API_KEY").unwrap().found.unwrap();
    (found.value.expose().to_owned(), found.origin)
}

#[test]
fn each_source_is_read_and_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("api_key");
    std::fs::write(&path, "from file\r\n\n").unwrap();
    let path = path.to_str().unwrap();

    assert_eq!(
        found(&secrets(&[("API_KEY", "from env")], None)),
        ("from env".into(), "environment API_KEY".into())
    );
    assert_eq!(
        found(&secrets(&[("API_KEY_FILE", path)], None)),
        ("from file".into(), format!("the file {path} that API_KEY_FILE names"))
    );
    assert_eq!(
        found(&secrets(&[], Some(directory.path()))),
        ("from file".into(), format!("credential file {path}"))
    );
    let upper = directory.path().join("API_KEY");
    std::fs::write(&upper, "upper").unwrap();
    assert_eq!(found(&secrets(&[], Some(directory.path()))).0, "upper");
}

#[test]
fn a_secret_that_is_read_is_masked_from_then_on() {
    let masker = Masker::new([7; 32]);
    Secrets::local(&env(&[("API_KEY", "plain-words")]), None, masker.clone()).read("API_KEY").unwrap();
    assert_eq!(masker.mask("say plain-words"), "say [masked]");
}

#[test]
fn two_sources_at_once_are_refused_by_name() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("api_key"), "a").unwrap();
    let error = secrets(&[("API_KEY", "b")], Some(directory.path())).read("API_KEY").unwrap_err().to_string();
    assert!(error.contains("credential file") && error.contains("and environment API_KEY"), "{error}");
}

#[test]
fn an_unreadable_file_is_named_with_the_reason() {
    let error = secrets(&[("API_KEY_FILE", "/nowhere/key")], None).read("API_KEY").unwrap_err().to_string();
    assert!(error.contains("/nowhere/key") && error.contains("No such file"), "{error}");
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("api_key"), b"\xff\xfe").unwrap();
    let error = secrets(&[], Some(directory.path())).read("API_KEY").unwrap_err().to_string();
    assert!(error.ends_with("it is not UTF-8 text"), "{error}");
}

#[test]
fn an_empty_value_counts_as_missing_and_is_mentioned() {
    let lookup = secrets(&[("API_KEY", "")], None).read("API_KEY").unwrap();
    assert!(lookup.found.is_none());
    assert_eq!(lookup.empty, ["environment API_KEY"]);
    assert!(secrets(&[("API_KEY_FILE", "")], None).read("API_KEY").unwrap().empty.is_empty());
}

#[test]
fn a_further_source_is_asked_too() {
    struct Cloud;
    impl SecretSource for Cloud {
        fn origin(&self, secret: &str) -> String {
            format!("cloud secret {secret}")
        }

        fn get(&self, secret: &str) -> Result<Option<SecretString>, SecretError> {
            Ok((secret == "API_KEY").then(|| "from cloud".into()))
        }
    }
    assert_eq!(found(&secrets(&[], None).with(Cloud)).1, "cloud secret API_KEY");
}

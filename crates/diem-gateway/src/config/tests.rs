use super::*;

const KEY: &str = "0x0101010101010101010101010101010101010101010101010101010101010101";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("diem-gateway-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        std::fs::write(path.join("key"), KEY).unwrap();
        Self(path)
    }

    fn config(&self, text: &str) -> Flags {
        let path = self.0.join("gateway.toml");
        std::fs::write(&path, text).unwrap();
        Flags {
            config: Some(path),
            ..Flags::default()
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const FILE: &str = r#"
key_file = "key"
ledger = "sqlite:other.db"
prices = ["prices.toml"]
[chain]
rpc = "http://127.0.0.1:1"
chain_id = 7
diem = "0x00000000000000000000000000000000000000d1"
[[upstream]]
url = "http://127.0.0.1:11434/v1"
"#;

#[test]
fn a_flag_counts_over_the_file_and_paths_count_from_the_file() {
    let folder = Folder::new("order");
    let mut flags = folder.config(FILE);
    flags.chain_id = Some(8);
    let config = Config::new(flags).unwrap();
    assert_eq!(config.place.chain_id, 8);
    assert_eq!(config.ledger, "sqlite:other.db");
    assert_eq!(config.prices, [folder.0.join("prices.toml")]);
    assert_eq!(config.upstreams[0].name, "127.0.0.1:11434");
    assert_eq!(config.public_url, "http://127.0.0.1:8548");
    assert_eq!(config.settle.every, Duration::from_secs(15));
}

#[test]
fn what_is_not_set_is_named_with_the_way_to_set_it() {
    let folder = Folder::new("missing");
    for (left_out, named) in [
        ("key_file = \"key\"", "DIEM_GATEWAY_KEY"),
        ("rpc = \"http://127.0.0.1:1\"", "--rpc"),
        ("chain_id = 7", "--chain-id"),
        (
            "diem = \"0x00000000000000000000000000000000000000d1\"",
            "--diem",
        ),
        (
            "[[upstream]]\nurl = \"http://127.0.0.1:11434/v1\"",
            "--upstream",
        ),
    ] {
        let text = FILE.replace(left_out, "");
        assert_ne!(text, FILE);
        let error = Config::new(folder.config(&text)).unwrap_err().to_string();
        assert!(error.contains(named), "{error}");
    }
}

#[test]
fn an_unknown_setting_is_an_error_that_shows_no_line_of_the_file() {
    let folder = Folder::new("unknown");
    let text = FILE.replace(
        "ledger = \"sqlite:other.db\"",
        "ledgre = \"postgres://u:Sesam99@h/d\"",
    );
    let error = Config::new(folder.config(&text)).unwrap_err().to_string();
    assert!(
        error.contains("ledgre") && !error.contains("Sesam99"),
        "{error}"
    );
}

#[test]
fn made_up_answers_are_sold_on_a_devnet_only() {
    let folder = Folder::new("stand-in");
    let mut flags = folder.config(FILE);
    flags.upstream = vec!["stand-in".into()];
    let error = Config::new(flags.clone()).unwrap_err().to_string();
    assert!(error.contains("--devnet"), "{error}");
    flags.devnet = true;
    assert_eq!(
        Config::new(flags).unwrap().upstreams[0].place,
        Where::StandIn
    );
}

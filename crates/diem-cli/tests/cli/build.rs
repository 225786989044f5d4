//! scripts/build-wasm knows its own modules.

use crate::desk::wasm_directory;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A repository small enough to build at once: the real script and sources, and a compiler
/// and an optimiser whose work is done already.
struct Small {
    directory: PathBuf,
}

impl Small {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("build-wasm-{}-{number}", std::process::id()));
        let compiled = directory.join("target/contracts/wasm32-unknown-unknown/release");
        std::fs::create_dir_all(&compiled).unwrap();
        std::fs::create_dir_all(directory.join("crates")).unwrap();
        for name in ["vvv", "staked_vvv", "diem"] {
            let module = Path::new(&wasm_directory()).join(format!("{name}.wasm"));
            std::fs::copy(module, compiled.join(format!("{name}.wasm"))).unwrap();
        }
        let copy = |path: &str| {
            let mut copy = Command::new("cp");
            copy.arg("-r").arg(root.join(path));
            copy.arg(directory.join(path).parent().unwrap());
            assert!(copy.status().unwrap().success(), "{path}");
        };
        for path in [
            "rust-toolchain.toml",
            "Cargo.toml",
            "Cargo.lock",
            "src",
            "contracts",
            "abi",
        ] {
            copy(path);
        }
        std::fs::create_dir_all(directory.join("crates/diem-math")).unwrap();
        copy("crates/diem-math/src");
        copy("crates/diem-math/Cargo.toml");
        std::fs::create_dir_all(directory.join("scripts")).unwrap();
        copy("scripts/build-wasm");
        let tools = directory.join("tools/node_modules/.bin");
        std::fs::create_dir_all(&tools).unwrap();
        copy("tools/package-lock.json");
        // As the real one is called: flags, the module, -o, where to.
        let optimiser = "const [from, , to] = process.argv.slice(-3)\n\
                         require('node:fs').copyFileSync(from, to)\n";
        std::fs::write(tools.join("wasm-opt"), optimiser).unwrap();
        let bin = directory.join("bin");
        std::fs::create_dir_all(&bin).unwrap();
        std::os::unix::fs::symlink("/bin/true", bin.join("cargo")).unwrap();
        Self { directory }
    }

    /// Runs the script; gives its exit code and what it told.
    fn build(&self) -> (Option<i32>, String) {
        let path = format!(
            "{}:{}",
            self.directory.join("bin").display(),
            std::env::var("PATH").unwrap()
        );
        let output = Command::new(self.directory.join("scripts/build-wasm"))
            .env("PATH", path)
            .output()
            .unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), told)
    }

    fn module(&self, name: &str) -> PathBuf {
        self.directory.join("target/wasm").join(name)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

#[test]
fn a_module_that_was_tampered_with_is_not_called_unchanged() {
    let small = Small::new();
    assert_eq!(small.build().0, Some(0));
    let (code, told) = small.build();
    assert_eq!(code, Some(0));
    assert!(told.contains("contracts unchanged"), "{told}");

    let made = std::fs::read(small.module("diem.wasm.br")).unwrap();
    for name in ["diem.wasm.br", "vvv.wasm", "built.sha256"] {
        let mut tampered = std::fs::read(small.module(name)).unwrap();
        *tampered.first_mut().unwrap() ^= 1;
        std::fs::write(small.module(name), tampered).unwrap();
        let (_, told) = small.build();
        assert!(!told.contains("contracts unchanged"), "{name}: {told}");
        assert!(told.contains("building again"), "{name}: {told}");
        assert_eq!(std::fs::read(small.module("diem.wasm.br")).unwrap(), made);
        // What no build of these sources made is not taken on trust by the next run.
        let (code, told) = small.build();
        assert_eq!(code, Some(0), "{name}: {told}");
    }
    std::fs::remove_file(small.module("staked_vvv.wasm.br")).unwrap();
    let (code, told) = small.build();
    assert_eq!(code, Some(0), "{told}");
    assert!(small.module("staked_vvv.wasm.br").exists());
}

#[test]
fn the_same_sources_that_give_other_modules_than_before_are_refused() {
    let small = Small::new();
    assert_eq!(small.build().0, Some(0));
    let compiled = "target/contracts/wasm32-unknown-unknown/release";
    let compiled = small.directory.join(compiled);
    let another = Path::new(&wasm_directory()).join("staked_vvv.wasm");
    std::fs::copy(another, compiled.join("diem.wasm")).unwrap();
    std::fs::remove_file(small.module("diem.wasm")).unwrap();
    let (code, told) = small.build();
    assert_eq!(code, Some(1), "{told}");
    assert!(
        told.contains("the same sources gave other modules"),
        "{told}"
    );
}

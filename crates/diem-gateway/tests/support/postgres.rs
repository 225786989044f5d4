//! A PostgreSQL server of a test's own, in a temporary folder, on a socket in it.

use std::{
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use super::folder::Folder;

/// A running server; stops with its owner, and when the process of its owner dies.
pub(crate) struct Postgres {
    folder: Folder,
    shell: Child,
}

impl Postgres {
    /// Starts one. Its absence on the machine is a failure.
    pub(crate) async fn start() -> Self {
        let folder = Folder::new();
        let owner = owner();
        if let Some((uid, gid)) = owner {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let data = folder.path().join("data");
        let made = run_as(owner, &program("initdb"))
            .args([
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "-D",
            ])
            .arg(&data)
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );

        // The shell's input ends with this process, however that ends, and the server with it.
        let script =
            r#""$0" "$@" >"$LOG" 2>&1 & server=$!; read -r _; kill -INT $server; wait $server"#;
        let shell = run_as(owner, Path::new("sh"))
            .args(["-c", script])
            .arg(program("postgres"))
            .arg("-D")
            .arg(&data)
            // No test here ends the server: what its own disk keeps over a loss of power is its makers' to show.
            .args(["-c", "fsync=off", "-c", "full_page_writes=off"])
            .args(["-c", "listen_addresses=", "-c", "max_connections=60", "-k"])
            .arg(folder.path())
            .env("LOG", folder.path().join("log"))
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let server = Self { folder, shell };
        let end = Instant::now() + Duration::from_secs(60);
        while let Err(error) = PgConnection::connect(&server.url("postgres")).await {
            assert!(Instant::now() < end, "PostgreSQL does not answer: {error}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server
    }

    /// The address of a database of it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@localhost/{database}?host={}",
            self.folder.path().display()
        )
    }

    /// A new database; its address.
    pub(crate) async fn database(&self, name: &str) -> String {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
        self.url(name)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// The user to run it as: PostgreSQL refuses root.
fn owner() -> Option<(u32, u32)> {
    let id = |of: &[&str]| {
        let told = Command::new("id").args(of).output().unwrap();
        String::from_utf8(told.stdout)
            .unwrap()
            .trim()
            .parse::<u32>()
            .ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    let user =
        id(&["-u", "postgres"]).expect("a user named postgres, since root may not run PostgreSQL");
    Some((user, id(&["-g", "postgres"]).unwrap()))
}

fn run_as(owner: Option<(u32, u32)>, program: &Path) -> Command {
    let mut command = Command::new(program);
    if let Some((uid, gid)) = owner {
        command.uid(uid).gid(gid).current_dir("/");
    }
    command
}

/// Where Debian and others keep it when it is not on the path.
fn program(name: &str) -> PathBuf {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&on_path).collect();
    for versions in ["/usr/lib/postgresql", "/opt/homebrew/opt"] {
        let Ok(versions) = std::fs::read_dir(versions) else {
            continue;
        };
        places.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    let found = places
        .into_iter()
        .map(|place| place.join(name))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!("PostgreSQL's {name} is not installed (Debian: apt-get install postgresql)")
    })
}

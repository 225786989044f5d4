//! Everything joined: opens, serves until told to stop, settles what is left, and audits.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::oneshot,
};

use crate::{
    chain::{Accounts, Chain, ChainError, Lines},
    check,
    config::{self, Config, Server, Where},
    doors::{self, Gateway, Readiness, prometheus},
    keys,
    ledger::{Audit, Home, Ledger, LedgerError, LedgerView},
    pricing::PriceError,
    serving::{self, Parts, Serving},
    settling::{self, Settler},
    upstream::{LimitField, Patience, Upstream, UpstreamError, Upstreams, stand_in::StandIn},
    utc,
};

/// Pause between two times of tidying up after dead processes and expired names.
const TIDY: Duration = Duration::from_secs(30);

/// Why the gateway does not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The node.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The journal.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A price table.
    #[error(transparent)]
    Prices(#[from] PriceError),
    /// The servers that answer.
    #[error(transparent)]
    Upstreams(#[from] UpstreamError),
    /// Metrics.
    #[error("metrics cannot be recorded: {0}")]
    Metrics(String),
    /// The address to listen on.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// As it was set.
        address: String,
        /// Why not.
        cause: std::io::Error,
    },
    /// The system.
    #[error("{what}: {cause}")]
    System {
        /// What was tried.
        what: &'static str,
        /// Why it failed.
        cause: std::io::Error,
    },
}

/// A gateway that listens. Ends with [`Running::stop`].
pub struct Running {
    address: SocketAddr,
    chain: Chain,
    ledger: Ledger,
    settler: settling::Handle,
    stop: oneshot::Sender<()>,
    answering: tokio::task::JoinHandle<std::io::Result<()>>,
    tidying: tokio::task::JoinHandle<()>,
    /// Ends when dropped, after what asks it.
    stand_in: Option<StandIn>,
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its connection to the chain.
    #[must_use]
    pub fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Its journal.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Its stand-in for a model, if it has one.
    #[must_use]
    pub fn stand_in(&self) -> Option<&StandIn> {
        self.stand_in.as_ref()
    }

    /// Settles now rather than after the pause.
    pub fn settle(&self) {
        self.settler.kick();
    }

    /// Takes no new requests, lets the open ones end, settles, and closes the journal.
    pub async fn stop(self) {
        // Nobody listens where answering has ended by itself.
        let _ = self.stop.send(());
        match self.answering.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "answering did not end in order"),
            Err(error) => tracing::error!(%error, "answering did not end in order"),
        }
        self.tidying.abort();
        self.settler.stop().await;
        self.ledger.close().await;
    }
}

/// Whether the journal and the settler's part of the chain work.
struct Behind {
    ledger: Ledger,
    chain: Chain,
}

impl Readiness for Behind {
    fn missing(&self) -> BoxFuture<'_, Vec<String>> {
        Box::pin(async move {
            let mut missing = Vec::new();
            let nobody = crate::line::Line::Lease(0);
            if let Err(error) = self
                .ledger
                .line(nobody, Lines::clock(&self.chain).epoch)
                .await
            {
                missing.push(error.to_string());
            }
            missing
        })
    }
}

/// Opens everything and listens.
///
/// # Errors
/// Something cannot be opened.
pub async fn start(config: Config) -> Result<Running, RunError> {
    prometheus().map_err(RunError::Metrics)?;
    let prices = config::prices(&config.prices)?;
    let chain = Chain::connect(config.place.clone()).await?;
    let ledger = Ledger::open(&config.ledger, &home(&config)).await?;
    let (upstreams, stand_in) = upstreams(&config).await?;
    let settler = Settler::new(
        chain.clone(),
        ledger.clone(),
        config.signer.clone(),
        config.settle,
    );
    let settings = serving::Settings {
        least_allowance: config.least_allowance,
        keep_answers: config.keep_answers,
        ..serving::Settings::default()
    };
    let parts = Parts {
        ledger: ledger.clone(),
        lines: Arc::new(chain.clone()),
        prices,
        upstreams: Arc::new(upstreams),
        signer: config.signer.clone(),
        home: home(&config),
        settings,
    };
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|cause| RunError::Listen {
            address: config.listen.to_string(),
            cause,
        })?;
    let address = listener
        .local_addr()
        .map_err(system("the socket has no address"))?;
    let readiness = Arc::new(Behind {
        ledger: ledger.clone(),
        chain: chain.clone(),
    });
    let accounts: Arc<dyn Accounts> = Arc::new(chain.clone());
    let gateway = Gateway::new(parts, accounts, readiness, doors_of(&config));
    let serving = Arc::clone(gateway.serving());
    let (stop, stopped) = oneshot::channel();
    let answering = tokio::spawn(async move {
        let stop = async {
            // A sender that is gone is a stop as well.
            let _ = stopped.await;
        };
        gateway.answer(listener, stop).await
    });
    Ok(Running {
        address,
        settler: settling::start(settler),
        stop,
        answering,
        tidying: tokio::spawn(tidy(ledger.clone(), serving)),
        chain,
        ledger,
        stand_in,
    })
}

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// Something cannot be opened.
pub async fn serve(config: Config) -> Result<(), RunError> {
    let told = told_to_stop()?;
    let (gateway, url) = (config.gateway(), config.public_url.clone());
    let running = start(config).await?;
    let clock = Lines::clock(running.chain());
    tracing::info!(%gateway, address = %running.address(), epoch = clock.epoch, gate = ?clock.gate, "serves at {url}/v1");
    told.await;
    tracing::info!("takes no new requests; open ones end, then it settles");
    running.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Serves made-up answers alone until SIGTERM or Ctrl-C. `told` is given the base URL once it listens.
///
/// # Errors
/// It cannot listen there.
pub async fn stand_in(listen: SocketAddr, told: impl FnOnce(&str)) -> Result<(), RunError> {
    let stop = told_to_stop()?;
    let stand_in = StandIn::listen(listen)
        .await
        .map_err(|cause| RunError::Listen {
            address: listen.to_string(),
            cause,
        })?;
    told(stand_in.base());
    stop.await;
    Ok(())
}

/// Ends with SIGTERM or Ctrl-C; both are caught from this call on.
fn told_to_stop() -> Result<impl Future<Output = ()>, RunError> {
    let mut terminate =
        signal(SignalKind::terminate()).map_err(system("cannot wait for SIGTERM"))?;
    let mut interrupt =
        signal(SignalKind::interrupt()).map_err(system("cannot wait for Ctrl-C"))?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Holds the journal against itself and against the chain's events from a block on. Changes nothing, so the gateway may
/// run meanwhile.
///
/// # Errors
/// The node or the journal cannot be read.
pub async fn audit(config: &Config, from_block: u64) -> Result<Audit, RunError> {
    let place = &config.place;
    let chain = Chain::connect(place.clone()).await?;
    let epoch = Lines::clock(&chain).epoch;
    let (last, _) = chain.node().head().await?;
    let events =
        async |from| check::settled(chain.node(), place.diem, config.gateway(), from).await;
    let before = events(from_block).await?;
    let journal = LedgerView::open(&config.ledger, &home(config)).await?;
    let mut audit = journal.audit().await?;
    journal.close().await;
    let mut after = before.clone();
    for (place, settled) in events(last).await? {
        let known = after.entry(place).or_insert(settled);
        *known = settled.max(*known);
    }
    check::audit(&mut audit, &before, &after, epoch);
    Ok(audit)
}

/// Whose journal a configuration needs.
fn home(config: &Config) -> Home {
    Home {
        chain_id: config.place.chain_id,
        diem: config.place.diem,
        gateway: config.gateway(),
    }
}

fn doors_of(config: &Config) -> doors::Settings {
    let domain = config.public_url.split_once("://");
    let domain = domain.map_or(config.public_url.as_str(), |(_, rest)| rest);
    doors::Settings {
        place: keys::Place {
            domain: domain.split('/').next().unwrap_or(domain).to_owned(),
            uri: format!("{}/api/v1/api_keys/generate_web3_key", config.public_url),
            chain_id: config.place.chain_id,
        },
        rates: config.rates,
        body_bytes: config.most_body_bytes,
        behind_proxy: config.behind_proxy,
    }
}

/// The servers that answer; a stand-in among them is started.
async fn upstreams(config: &Config) -> Result<(Upstreams, Option<StandIn>), RunError> {
    let mut stand_in = None;
    let mut list = Vec::new();
    for server in &config.upstreams {
        let base = match &server.place {
            Where::Url(url) => url.clone(),
            Where::StandIn => {
                let started = StandIn::start()
                    .await
                    .map_err(system("cannot start the stand-in"))?;
                let base = started.base().to_owned();
                stand_in = Some(started);
                base
            }
        };
        list.push(upstream(server, base));
    }
    let [connect, begin, between] = config.upstream_waits;
    let patience = Patience {
        connect,
        begin,
        between,
    };
    Ok((Upstreams::new(list, patience)?, stand_in))
}

fn upstream(server: &Server, base: String) -> Upstream {
    Upstream {
        name: server.name.clone(),
        base,
        key: server.key.clone(),
        weight: server.weight,
        models: server.models.clone(),
        limit: if server.completion_limit {
            LimitField::MaxCompletionTokens
        } else {
            LimitField::MaxTokens
        },
    }
}

/// Ends what dead processes left open, signs its receipts, and forgets what has expired.
async fn tidy(ledger: Ledger, serving: Arc<Serving>) {
    loop {
        tokio::time::sleep(TIDY).await;
        match ledger.recover().await {
            Ok(0) => {}
            Ok(ended) => {
                tracing::warn!(
                    ended,
                    "requests of a process that is gone were committed in full"
                );
                if let Err(error) = serving.sign_what_is_left().await {
                    tracing::error!(%error, "what a dead process left has no receipts yet");
                }
            }
            Err(error) => tracing::error!(%error, "cannot look for what dead processes left open"),
        }
        if let Err(error) = ledger.forget(utc::machine_now()).await {
            tracing::error!(%error, "cannot forget what has expired");
        }
    }
}

fn system(what: &'static str) -> impl FnOnce(std::io::Error) -> RunError {
    move |cause| RunError::System { what, cause }
}

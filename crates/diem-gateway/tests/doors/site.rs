//! A gateway's doors, opened where it is told.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, sync::Arc, time::Duration};

use alloy::{primitives::Address, signers::local::PrivateKeySigner};
use diem_gateway::{
    chain::{Chain, Place, Rules},
    doors::{Gateway, Rates, Readiness, Settings},
    keys,
    ledger::{Home, Ledger},
    pricing::Prices,
    serving::{self, Parts},
    upstream::{Patience, Upstream, Upstreams},
};
use futures_util::future::BoxFuture;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{folder::sqlite, house::PRICES};

/// Where and as whom.
pub(crate) struct Site {
    pub(crate) rpc: String,
    pub(crate) chain_id: u64,
    pub(crate) diem: Address,
    pub(crate) signer: PrivateKeySigner,
    pub(crate) folder: PathBuf,
    pub(crate) behind_proxy: bool,
}

/// Doors that answer.
pub(crate) struct Opened {
    pub(crate) chain: Chain,
    pub(crate) ledger: Ledger,
    pub(crate) gateway: Gateway,
    pub(crate) url: String,
    pub(crate) stop: oneshot::Sender<()>,
    pub(crate) task: JoinHandle<()>,
}

/// Whatever is behind these doors works.
struct Sound;

impl Readiness for Sound {
    fn missing(&self) -> BoxFuture<'_, Vec<String>> {
        Box::pin(async { Vec::new() })
    }
}

impl Site {
    pub(crate) fn home(&self) -> Home {
        Home {
            chain_id: self.chain_id,
            diem: self.diem,
            gateway: self.signer.address(),
        }
    }

    pub(crate) async fn ledger(&self) -> Ledger {
        Ledger::open(&sqlite(&self.folder), &self.home())
            .await
            .unwrap()
    }

    /// Opens the doors before these servers.
    pub(crate) async fn open(
        &self,
        list: Vec<Upstream>,
        patience: Patience,
        per_minute: u32,
        body_bytes: usize,
    ) -> Opened {
        let place = Place {
            rpc: self.rpc.clone(),
            timeout: Duration::from_secs(5),
            chain_id: self.chain_id,
            diem: self.diem,
            gateway: self.signer.address(),
            rules: Rules {
                machine_counts: false,
                ..Rules::default()
            },
            // Looked at by hand where a test moves the clock.
            poll: Duration::from_secs(3_600),
        };
        let chain = Chain::connect(place).await.unwrap();
        let ledger = self.ledger().await;
        let upstreams = Upstreams::new(list, patience).unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let rate = NonZeroU32::new(per_minute).unwrap();
        let settings = Settings {
            place: keys::Place {
                domain: address.to_string(),
                uri: format!("{url}/api/v1/api_keys/generate_web3_key"),
                chain_id: self.chain_id,
            },
            rates: Rates {
                key: rate,
                address: rate,
            },
            body_bytes,
            behind_proxy: self.behind_proxy,
        };
        let parts = Parts {
            ledger: ledger.clone(),
            lines: Arc::new(chain.clone()),
            prices: Prices::from_toml(PRICES).unwrap(),
            upstreams: Arc::new(upstreams),
            signer: self.signer.clone(),
            home: self.home(),
            settings: serving::Settings {
                lessee_known: Duration::ZERO,
                ..serving::Settings::default()
            },
        };
        let gateway = Gateway::new(parts, Arc::new(chain.clone()), Arc::new(Sound), settings);
        let (stop, stopped) = oneshot::channel();
        let doors = gateway.clone();
        let task = tokio::spawn(async move {
            let stopped = async { _ = stopped.await };
            doors.answer(listener, stopped).await.unwrap();
        });
        Opened {
            chain,
            ledger,
            gateway,
            url,
            stop,
            task,
        }
    }
}

//! The chain on disk: a journal of its events.
//!
//! Each event is handed to the operating system before anybody is told of it, so
//! killing the process loses nothing that a client has seen. The file reaches the
//! disk itself about once a second, and at the end: a power cut may lose the last
//! second. A record cut short by either is dropped when the file is opened.

mod record;

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, BufReader, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use crate::chain::{Chain, Event, Genesis};

/// First bytes of every journal, with the version of its format.
const MAGIC: &[u8; 16] = b"stylus-devnode 1";

/// Longest time for which written events are not forced to the disk.
const SYNC_INTERVAL: Duration = Duration::from_secs(1);

/// Why a journal could not be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file system refused.
    #[error("state file {path}: {source}")]
    Io {
        /// The journal.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// Another node has it open.
    #[error("state file {0} is in use by another node")]
    InUse(PathBuf),
    /// Not a journal of ours, or its first record is broken.
    #[error("state file {0} is not a chain written by this version of stylus-devnode")]
    Foreign(PathBuf),
}

/// An open journal, positioned at its end.
#[derive(Debug)]
pub(crate) struct Journal {
    file: File,
    path: PathBuf,
    length: u64,
    synced: Instant,
    buffer: Vec<u8>,
}

impl Journal {
    /// Opens the chain at `path`, or starts one there with what `genesis` returns.
    /// Keeps the states of `history` blocks.
    pub(crate) fn open<E: From<StoreError>>(
        path: &Path,
        history: usize,
        genesis: impl FnOnce() -> Result<Genesis, E>,
    ) -> Result<(Self, Chain), E> {
        let mut journal = Self::lock(path)?;
        let length = journal.io(|file| file.metadata())?.len();
        if length == 0 {
            let genesis = genesis()?;
            journal.begin(&genesis)?;
            return Ok((journal, Chain::new(genesis, history)));
        }
        journal.load(history).map_err(E::from)
    }

    /// Hands one event to the operating system.
    pub(crate) fn append(&mut self, event: &Event) -> Result<(), StoreError> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        record::write(&mut buffer, |out| event.write(out));
        let written = self.write_all(&buffer);
        self.buffer = buffer;
        written?;
        if self.synced.elapsed() >= SYNC_INTERVAL {
            self.sync()?;
        }
        Ok(())
    }

    /// Forces everything written to the disk.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.synced = Instant::now();
        self.io(|file| file.sync_data())
    }

    fn lock(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Io {
            path: path.to_owned(),
            source,
        };
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse(path.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let (synced, path) = (Instant::now(), path.to_owned());
        Ok(Self {
            file,
            path,
            length: 0,
            synced,
            buffer: Vec::new(),
        })
    }

    fn begin(&mut self, genesis: &Genesis) -> Result<(), StoreError> {
        let mut bytes = MAGIC.to_vec();
        record::write(&mut bytes, |out| genesis.write(out));
        self.write_all(&bytes)?;
        self.sync()
    }

    fn load(mut self, history: usize) -> Result<(Self, Chain), StoreError> {
        let file = self.io(|file| file.try_clone())?;
        let mut records = record::Reader::new(BufReader::with_capacity(1 << 20, file));
        let path = self.path.clone();
        let foreign = || StoreError::Foreign(path.clone());
        if !self.io(|_| records.skip(MAGIC))? {
            return Err(foreign());
        }
        let first = self.io(|_| records.next())?.ok_or_else(foreign)?;
        let mut chain = Chain::new(Genesis::read(first).map_err(|_| foreign())?, history);
        let mut good = records.position();
        while let Some(bytes) = self.io(|_| records.next())? {
            let Ok(event) = Event::read(bytes) else { break };
            chain.apply(&event);
            good = records.position();
        }
        self.length = good;
        self.io(|file| file.set_len(good))?;
        self.io(|mut file| file.seek(SeekFrom::Start(good)))?;
        Ok((self, chain))
    }

    /// Appends `bytes`, or nothing at all: a write that failed half-way is taken back.
    fn write_all(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        match (&self.file).write_all(bytes) {
            Ok(()) => {
                self.length += bytes.len() as u64;
                Ok(())
            }
            Err(source) => {
                let length = self.length;
                self.io(|file| file.set_len(length))?;
                self.io(|mut file| file.seek(SeekFrom::Start(length)))?;
                Err(StoreError::Io {
                    path: self.path.clone(),
                    source,
                })
            }
        }
    }

    fn io<T>(&self, act: impl FnOnce(&File) -> io::Result<T>) -> Result<T, StoreError> {
        act(&self.file).map_err(|source| StoreError::Io {
            path: self.path.clone(),
            source,
        })
    }
}

#[cfg(test)]
mod tests;

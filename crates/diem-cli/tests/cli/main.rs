//! The real `diem` binary against a node: every command, its answer, its story, its exit
//! code.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test stops at the first surprise"
)]

mod build;
mod commands;
mod credit;
mod deploying;
mod desk;
mod every;
mod failures;
mod manual;
mod monitoring;
mod networks;
mod owner;
mod owning;
mod people;
mod planning;
mod proxy;
mod resuming;
mod said;
mod sending;
mod terminal;
mod timelock;
mod verifying;
mod wallets;

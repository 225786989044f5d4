//! Steps of the owner and the guardian: gateways come, go and come back, the default changes.

use super::{Generator, Kind, Step, fails, ok};
use crate::action::Action::*;
use crate::action::Owned;
use crate::actors::Who;
use crate::model::Model;

pub(super) const KINDS: &[Kind] = &[
    (7, Generator::set_gateway),
    (4, Generator::revoke_gateway),
    (4, Generator::set_default_gateway),
];

impl Generator {
    fn set_gateway(&mut self, model: &Model) -> Option<Step> {
        let gateway = *self.random.pick(&Who::GATEWAYS);
        if self.mischief() {
            let set = SetGateway {
                who: self.user(),
                gateway,
                allowed: true,
            };
            return Some(fails(set, "OwnableUnauthorizedAccount"));
        }
        // Mostly they are let in, so that settling does not come to rest.
        let allowed = !model.gateways.allows(gateway.address()) || !self.random.one_in(4);
        Some(ok(SetGateway {
            who: Self::owner(model, Owned::Diem)?,
            gateway,
            allowed,
        }))
    }

    fn revoke_gateway(&mut self, model: &Model) -> Option<Step> {
        let gateway = *self.random.pick(&Who::GATEWAYS);
        let who = Who::of(model.guardian)?;
        if self.mischief() {
            let user = self.user();
            return Some(match self.random.below(2) {
                0 => fails(RevokeGateway { who: user, gateway }, "OnlyGuardian"),
                _ => fails(RevokeGateway { who, gateway: user }, "UnknownGateway"),
            });
        }
        let revoke = RevokeGateway { who, gateway };
        let known = model.gateways.allowed.contains_key(&gateway.address());
        Some(if known {
            ok(revoke)
        } else {
            fails(revoke, "UnknownGateway")
        })
    }

    fn set_default_gateway(&mut self, model: &Model) -> Option<Step> {
        let gateway = match self.random.below(6) {
            0 => None,
            1 => Some(self.user()),
            _ => Some(*self.random.pick(&Who::GATEWAYS)),
        };
        if self.mischief() {
            let who = self.user();
            let set = SetDefaultGateway { who, gateway };
            return Some(fails(set, "OwnableUnauthorizedAccount"));
        }
        let set = SetDefaultGateway {
            who: Self::owner(model, Owned::Diem)?,
            gateway,
        };
        Some(Self::named_well(model, gateway, set))
    }
}

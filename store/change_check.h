#ifndef SIGNET_STORE_CHANGE_CHECK_H_
#define SIGNET_STORE_CHANGE_CHECK_H_

#include "absl/status/status.h"
#include "store/store.h"

namespace signet {

// CheckChange is InvalidArgument for a change that no store takes: one with a
// name longer than kMaxNameBytes, with two sets of keys for one issuer, or with
// two keys of one id in a set.
absl::Status CheckChange(const StoreChange& change);

// KeysHaveChanged and TimeHasChanged are what a commit fails with whose writer
// has not seen the latest keys of an issuer, or the time.
absl::Status KeysHaveChanged();
absl::Status TimeHasChanged();

}  // namespace signet

#endif  // SIGNET_STORE_CHANGE_CHECK_H_

#ifndef SIGNET_SERVICE_AUDIT_AUDIT_EVENT_H_
#define SIGNET_SERVICE_AUDIT_AUDIT_EVENT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace signet {

// AuditEvent is what the audit log tells of one call: who asked for what, when,
// and what came of it. It has no place for a token or a key. Strings are UTF-8;
// those that do not apply are empty, and left out.
struct AuditEvent {
  absl::Time time;
  // Who: the name of the caller (empty, if nobody could be made out), and where
  // the call came from.
  std::string caller;
  std::string peer;
  // What: the method, and what it is about.
  std::string action;
  std::string issuer;
  std::string subject;
  std::vector<std::string> audiences;
  std::string key_id;
  std::string jti;
  // The name of the status code, "OK" if it was done.
  std::string outcome;
  std::string request_id;
};

// kMaxAuditLineBytes is more than any line has, with its end.
inline constexpr size_t kMaxAuditLineBytes = size_t{48} << 10U;

// ToAuditLine returns one JSON object and a line break, the only one: whatever
// callers put into their strings is escaped, and what looks like a token (a
// caller may have mistaken the field) is left out. Long strings and lists are
// cut; then the object says "cut":true.
std::string ToAuditLine(const AuditEvent& event);

}  // namespace signet

#endif  // SIGNET_SERVICE_AUDIT_AUDIT_EVENT_H_

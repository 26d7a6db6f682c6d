#include "service/delegation.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/string_view.h"
#include "jose/claims_set.h"
#include "jose/json.h"
#include "jose/json_writer.h"
#include "service/access/access_control.h"

namespace signet {
namespace {

// How many may act with the token of another, one after the other. More than
// any sound system needs, and less than what makes tokens unreadable.
constexpr int kMaxActors = 16;

// What names an actor: members of `act`, and their values.
using ActorName = std::vector<std::pair<absl::string_view, absl::string_view>>;

ActorName NameOf(const Caller& caller) {
  if (caller.kind() != Caller::Kind::kToken) return {{"sub", caller.name()}};
  ActorName name = {{"iss", caller.issuer()}};
  if (!caller.subject().empty()) name.emplace_back("sub", caller.subject());
  if (!caller.client_id().empty()) {
    name.emplace_back("client_id", caller.client_id());
  }
  return name;
}

// Whether a member of `may_act` is one of the name. One that nobody knows may
// be a condition.
bool Holds(const ActorName& name, const simdjson::dom::key_value_pair& member) {
  const std::optional<absl::string_view> value = AsString(member.value);
  return value && absl::c_linear_search(
                      name, std::make_pair(absl::string_view(member.key.data(),
                                                             member.key.size()),
                                           *value));
}

bool MayAct(JsonObject allowed, const ActorName& name) {
  return absl::c_all_of(
      allowed, [&](const auto& member) { return Holds(name, member); });
}

Rejection Invalid(absl::string_view claim, absl::string_view detail) {
  return {RejectionReason::kClaimInvalid, std::string(claim), detail};
}

// How many have acted, by the `act` of a token: each names the one before.
int CountActors(const ClaimsSet& claims) {
  int count = 0;
  std::optional<JsonValue> actor = claims.Find("act");
  for (; actor; ++count) {
    const std::optional<JsonObject> object = AsObject(*actor);
    actor = object ? FindMember(*object, "act") : std::nullopt;
  }
  return count;
}

// What is wrong with a token that somebody else is to act with.
std::optional<Rejection> Examine(const ClaimsSet& claims) {
  if (claims.registered().subject.value_or("").empty()) {
    return Rejection{RejectionReason::kClaimMissing, "sub",
                     "a token about nobody cannot be exchanged"};
  }
  if (claims.Has("cnf")) {
    return Invalid("cnf", "a token that is bound to a key cannot be exchanged");
  }
  for (const char* const name : {"act", "may_act"}) {
    const std::optional<JsonValue> claim = claims.Find(name);
    const std::optional<JsonObject> object =
        claim ? AsObject(*claim) : std::nullopt;
    if (claim && (!object || object->size() == 0)) {
      return Invalid(name, "must be an object that names somebody");
    }
  }
  if (CountActors(claims) >= kMaxActors) {
    return Invalid("act", "as many have acted as may");
  }
  return std::nullopt;
}

std::string ActorOf(const ActorName& name, const ClaimsSet& claims) {
  JsonObjectWriter writer;
  for (const auto& [member, value] : name) writer.AddString(member, value);
  const std::optional<JsonValue> before = claims.Find("act");
  if (before) writer.AddJson("act", ToJson(*before));
  return std::move(writer).Finish();
}

}  // namespace

absl::StatusOr<RejectionOr<TokenRequest>> Delegate(TokenRequest request,
                                                   const VerifiedJwt& old,
                                                   const Caller& caller,
                                                   absl::Time now) {
  const ClaimsSet& claims = old.claims();
  const std::optional<Rejection> rejection = Examine(claims);
  if (rejection) return {*rejection};
  const ActorName name = NameOf(caller);
  const std::optional<JsonValue> allowed = claims.Find("may_act");
  if (allowed && !MayAct(*AsObject(*allowed), name)) return NotPermitted();
  if (claims.registered().expiration) {
    // Signed in whole seconds. The policy may take our clock to be ahead.
    const absl::Time issued_at =
        absl::FromUnixSeconds(absl::ToUnixSeconds(now));
    request.max_lifetime = absl::Floor(
        *claims.registered().expiration - issued_at, absl::Seconds(1));
    if (*request.max_lifetime < absl::Seconds(1)) {
      return {Rejection{RejectionReason::kExpired, "exp",
                        "the token has too little time left"}};
    }
  }
  request.subject = std::string(*claims.registered().subject);
  request.actor_json = ActorOf(name, claims);
  return {std::move(request)};
}

}  // namespace signet

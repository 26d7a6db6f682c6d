#include "service/audit/audit_event.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "jose/json_writer.h"

namespace signet {
namespace {

// As long as a SPIFFE ID may be.
constexpr size_t kMaxCallerBytes = 2048;
constexpr size_t kMaxTextBytes = 256;
constexpr size_t kMaxAudiences = 8;

// An escape takes six bytes for one. The rest is names, times and brackets.
static_assert(6 * (kMaxCallerBytes + (8 + kMaxAudiences) * kMaxTextBytes) +
                  1024 <
              kMaxAuditLineBytes);

// Whether a JWS in compact serialization is in there: its header is a JSON
// object, and two dots follow.
bool LooksLikeToken(absl::string_view text) {
  const size_t header = text.find("eyJ");
  if (header == absl::string_view::npos) return false;
  return absl::c_count(text.substr(header), '.') >= 2;
}

// Writes the members of a line, and remembers whether it had to cut any.
class LineWriter {
 public:
  LineWriter& Add(absl::string_view name, absl::string_view text,
                  size_t max_bytes = kMaxTextBytes) {
    if (!text.empty()) writer_.AddString(name, Cut(text, max_bytes));
    return *this;
  }

  LineWriter& AddList(absl::string_view name,
                      const std::vector<std::string>& texts) {
    if (texts.empty()) return *this;
    const size_t count = std::min(texts.size(), kMaxAudiences);
    cut_ = cut_ || count < texts.size();
    std::vector<std::string> written;
    written.reserve(count);
    for (size_t i = 0; i < count; ++i) {
      written.emplace_back(Cut(texts[i], kMaxTextBytes));
    }
    writer_.AddStrings(name, written);
    return *this;
  }

  std::string Finish() && {
    if (cut_) writer_.AddBool("cut", true);
    return std::move(writer_).Finish() + "\n";
  }

 private:
  // The beginning of `text`, up to where a character begins.
  absl::string_view Cut(absl::string_view text, size_t max_bytes) {
    if (LooksLikeToken(text)) return "(a token)";
    if (text.size() <= max_bytes) return text;
    cut_ = true;
    size_t end = max_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) {
      --end;
    }
    return text.substr(0, end);
  }

  JsonObjectWriter writer_;
  bool cut_ = false;
};

}  // namespace

std::string ToAuditLine(const AuditEvent& event) {
  LineWriter writer;
  writer
      .Add("time", absl::FormatTime("%Y-%m-%d%ET%H:%M:%E6SZ", event.time,
                                    absl::UTCTimeZone()))
      .Add("caller", event.caller, kMaxCallerBytes)
      .Add("peer", event.peer)
      .Add("action", event.action)
      .Add("outcome", event.outcome)
      .Add("issuer", event.issuer)
      .Add("subject", event.subject)
      .AddList("audiences", event.audiences)
      .Add("key_id", event.key_id)
      .Add("jti", event.jti)
      .Add("request_id", event.request_id);
  return std::move(writer).Finish();
}

}  // namespace signet

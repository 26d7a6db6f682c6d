#ifndef SIGNET_KEYS_KEY_HEAT_H_
#define SIGNET_KEYS_KEY_HEAT_H_

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace signet {

// KeyHeat says how much a key has been used of late: a count of uses that
// halves with each era (TableDemand). Any number of threads count at once, and
// may overwrite each other: what is lost is little and makes no decision wrong.
class KeyHeat {
 public:
  // Add counts `uses` in `era`, and returns the heat.
  uint32_t Add(uint32_t uses, uint32_t era) {
    const uint32_t heat = At(era) + uses;
    // Relaxed, here and below: it is a number, and leads to nothing.
    era_and_heat_.store(uint64_t{era} << 32 | heat, std::memory_order_relaxed);
    return heat;
  }

  // At returns the heat in `era`.
  uint32_t At(uint32_t era) const {
    const uint64_t both = era_and_heat_.load(std::memory_order_relaxed);
    const uint32_t eras = era - static_cast<uint32_t>(both >> 32);
    return static_cast<uint32_t>(both) >> std::min(eras, uint32_t{31});
  }

 private:
  std::atomic<uint64_t> era_and_heat_{0};
};

}  // namespace signet

#endif  // SIGNET_KEYS_KEY_HEAT_H_

#include <algorithm>
#include <utility>
#include <vector>

#include "model/regroup.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

struct Member {
  std::int32_t topic = 0;
  float value = 0;
};

constexpr float kLead = 1e-6F;  // What the label is ahead, so that rounding cannot undo it.

/// Moves a row towards its label as far as it takes for the label to be the largest.
void agree(std::vector<Member>& members, float& noise, std::int32_t label) {
  float own = noise;
  float others = 0;
  if (label >= 0) std::swap(own, others);
  for (const Member& member : members) {
    if (member.topic == label) {
      own = member.value;
    } else {
      others = std::max(others, member.value);
    }
  }
  if (own >= others + kLead) return;
  const float step = std::min(1.0F, (others - own + kLead) / (1 + others - own));
  for (Member& member : members) {
    member.value *= 1 - step;
    if (member.topic == label) member.value += step;
  }
  noise *= 1 - step;
  if (label < 0) noise += step;
}

}  // namespace

Memberships grouped_memberships(const Memberships& rows, std::span<const std::int32_t> topic_of,
                                std::size_t n_topics, std::size_t k,
                                std::span<const std::int32_t> labels, bool is_compat) {
  const std::size_t n = rows.noise.size();
  Memberships out = noise_memberships(n, std::min(k, n_topics));
  for (std::size_t row = 0; row < n; ++row) {
    std::vector<Member> members;
    float noise = rows.noise[row];
    for (std::size_t j = 0; j < rows.k(); ++j) {
      const std::int32_t topic = topic_of[idx(rows.clusters[row, j])];
      const float value = rows.values[row, j];
      if (topic < 0) {
        noise += value;
        continue;
      }
      const auto found = std::ranges::find(members, topic, &Member::topic);
      if (found == members.end()) {
        members.push_back({topic, value});
      } else {
        found->value += value;
      }
    }
    for (std::int32_t topic = 0; members.size() < out.k(); ++topic) {
      if (std::ranges::find(members, topic, &Member::topic) == members.end()) {
        members.push_back({topic, 0});
      }
    }
    const std::int32_t label = labels[row];
    if (label >= 0 && std::ranges::find(members, label, &Member::topic) == members.end()) {
      members.push_back({label, 0});
    }
    if (!is_compat) agree(members, noise, label);
    std::ranges::sort(members, [&](const Member& a, const Member& b) {
      if (a.value != b.value) return a.value > b.value;
      if ((a.topic == label) != (b.topic == label)) return a.topic == label;
      return a.topic < b.topic;
    });
    for (std::size_t j = 0; j < out.k(); ++j) {
      out.clusters[row, j] = members[j].topic;
      out.values[row, j] = members[j].value;
    }
    out.noise[row] = noise;
  }
  return out;
}

}  // namespace topograph

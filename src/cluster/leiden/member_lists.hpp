#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace topograph::detail {

/// The members of every community, community after community.
struct MemberLists {
  std::vector<std::size_t> begins = {};  ///< (communities + 1)
  std::vector<std::int32_t> members = {};

  [[nodiscard]] std::size_t n_communities() const { return begins.size() - 1; }
  [[nodiscard]] std::span<const std::int32_t> of(std::size_t community) const {
    return std::span(members).subspan(begins[community], begins[community + 1] - begins[community]);
  }
};

/// Lists the vertices by their dense label 0..n_communities-1, those of a community in the order
/// in which `order` names them (empty: ascending).
[[nodiscard]] MemberLists list_members(std::span<const std::int32_t> labels,
                                       std::int32_t n_communities,
                                       std::span<const std::int32_t> order = {});

/// First communities of pieces of about `wanted` members each, and the number of communities at
/// the end: boundaries of parallel work that depend on the lists only.
[[nodiscard]] std::vector<std::size_t> cut_evenly(const MemberLists& lists, std::size_t wanted);

/// Renumbers labels in [0, n) densely in the order of their smallest members; returns their number.
[[nodiscard]] std::int32_t number_densely(std::vector<std::int32_t>& labels);

}  // namespace topograph::detail

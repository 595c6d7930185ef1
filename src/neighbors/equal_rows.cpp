#include "neighbors/equal_rows.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

namespace topograph {
namespace {

using HashedRow = std::pair<std::uint64_t, std::int32_t>;

std::uint64_t hash_row(const float* row, std::size_t n) {
  std::uint64_t hash = n;
  std::size_t t = 0;
  for (; t + 2 <= n; t += 2) {
    std::uint64_t word = 0;
    std::memcpy(&word, row + t, sizeof word);
    hash = detail::mix64(hash ^ word);
  }
  if (t < n) {
    std::uint32_t word = 0;
    std::memcpy(&word, row + t, sizeof word);
    hash = detail::mix64(hash ^ word);
  }
  return hash;
}

/// Points every row of one run of equal hashes to the first row with the same bytes.
void resolve_run(const MetricRows& rows, std::span<const HashedRow> run,
                 std::vector<std::int32_t>& leader) {
  std::vector<float> row(rows.cols());
  std::vector<float> other_row(rows.cols());
  std::vector<std::int32_t> leaders;  // more than one only when different rows share a hash
  for (const auto& [hash, id] : run) {
    const auto same = std::find_if(leaders.begin(), leaders.end(), [&](std::int32_t other) {
      return std::memcmp(rows.row(idx(id), row), rows.row(idx(other), other_row),
                         rows.cols() * sizeof(float)) == 0;
    });
    if (same == leaders.end()) {
      leaders.push_back(id);
    } else {
      leader[idx(id)] = *same;
    }
  }
}

EqualRows collect(const std::vector<std::int32_t>& leader) {
  EqualRows groups;
  std::vector<std::int64_t> size(leader.size(), 0);
  for (const std::int32_t row : leader) ++size[idx(row)];
  std::vector<std::int64_t> next(leader.size(), 0);
  groups.offsets.push_back(0);
  for (std::size_t i = 0; i < leader.size(); ++i) {
    if (leader[i] != narrow<std::int32_t>(i)) continue;
    groups.first.push_back(leader[i]);
    next[i] = groups.offsets.back();
    groups.offsets.push_back(groups.offsets.back() + size[i]);
  }
  groups.members.resize(leader.size());
  for (std::size_t i = 0; i < leader.size(); ++i) {
    groups.members[idx(next[idx(leader[i])]++)] = narrow<std::int32_t>(i);
  }
  return groups;
}

}  // namespace

Result<EqualRows> group_equal_rows(const MetricRows& rows, RunContext& run) {
  std::vector<HashedRow> hashed(rows.size());
  TG_TRY(parallel_blocks(run, rows.size(), 1024, [&](const Block& block) {
    std::vector<float> row(rows.cols());
    for (std::size_t i = block.begin; i < block.end; ++i) {
      hashed[i] = {hash_row(rows.row(i, row), rows.cols()), narrow<std::int32_t>(i)};
    }
  }));
  std::sort(hashed.begin(), hashed.end());
  std::vector<std::int32_t> leader(rows.size());
  for (std::size_t i = 0; i < leader.size(); ++i) leader[i] = narrow<std::int32_t>(i);
  for (std::size_t begin = 0; begin < hashed.size();) {
    std::size_t end = begin + 1;
    while (end < hashed.size() && hashed[end].first == hashed[begin].first) ++end;
    if (end - begin > 1) resolve_run(rows, std::span(hashed).subspan(begin, end - begin), leader);
    begin = end;
  }
  return collect(leader);
}

}  // namespace topograph

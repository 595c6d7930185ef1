#include "neighbors/equal_rows.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "topograph/core/narrow.hpp"
#include "topograph/core/parallel.hpp"
#include "topograph/core/random.hpp"

// Rows are dealt into buckets by their hash; equal rows meet in one bucket, whatever the threads.

namespace topograph {
namespace {

using HashedRow = std::pair<std::uint64_t, std::int32_t>;

constexpr std::size_t row_grain = 1024;
constexpr std::size_t rows_between_looks = 65536;
constexpr std::size_t n_buckets = 256;
constexpr unsigned bucket_shift = 56;

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

/// Buckets of rows that share the first bits of their hash; rows ascend within a bucket.
struct Buckets {
  std::vector<HashedRow> rows = {};
  std::array<std::size_t, n_buckets + 1> begins = {};

  std::span<HashedRow> bucket(std::size_t b) {
    return std::span(rows).subspan(begins[b], begins[b + 1] - begins[b]);
  }
};

Result<Buckets> deal(const std::vector<std::uint64_t>& hashes, RunContext& run) {
  Buckets dealt;
  for (const std::uint64_t hash : hashes) ++dealt.begins[(hash >> bucket_shift) + 1];
  for (std::size_t b = 0; b < n_buckets; ++b) dealt.begins[b + 1] += dealt.begins[b];
  std::array<std::size_t, n_buckets + 1> next = dealt.begins;
  dealt.rows.resize(hashes.size());
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (i % rows_between_looks == 0 && run.stop_requested()) return cancelled();
    dealt.rows[next[hashes[i] >> bucket_shift]++] = {hashes[i], narrow<std::int32_t>(i)};
  }
  return dealt;
}

/// Points every row of one run of equal hashes to the first row with the same bytes.
Result<void> resolve_run(const MetricRows& rows, std::span<const HashedRow> equal,
                         std::vector<std::int32_t>& leader, RunContext& run) {
  std::vector<float> scratch(rows.cols());
  std::vector<float> other_scratch(rows.cols());
  std::vector<std::int32_t> leaders;  // more than one only when different rows share a hash
  const float* first = nullptr;
  for (std::size_t i = 0; i < equal.size(); ++i) {
    if (i % row_grain == 0 && run.stop_requested()) return cancelled();
    const std::int32_t id = equal[i].second;
    const float* row = rows.row(idx(id), scratch);
    const auto same = std::find_if(leaders.begin(), leaders.end(), [&](std::int32_t other) {
      if (leaders.size() > 1 || first == nullptr) first = rows.row(idx(other), other_scratch);
      return std::memcmp(row, first, rows.cols() * sizeof(float)) == 0;
    });
    if (same == leaders.end()) {
      leaders.push_back(id);
    } else {
      leader[idx(id)] = *same;
    }
  }
  return {};
}

Result<void> resolve_bucket(const MetricRows& rows, std::span<HashedRow> bucket,
                            std::vector<std::int32_t>& leader, RunContext& run) {
  std::sort(bucket.begin(), bucket.end());
  for (std::size_t begin = 0; begin < bucket.size();) {
    std::size_t end = begin + 1;
    while (end < bucket.size() && bucket[end].first == bucket[begin].first) ++end;
    if (end - begin > 1) {
      TG_TRY(resolve_run(rows, bucket.subspan(begin, end - begin), leader, run));
    }
    begin = end;
  }
  return {};
}

EqualRows collect(const std::vector<std::int32_t>& leader, const Buckets& dealt) {
  EqualRows groups;
  std::vector<std::int64_t> size(leader.size(), 0);
  for (const std::int32_t row : leader) ++size[idx(row)];
  std::vector<std::int64_t> next(leader.size(), 0);
  std::vector<std::int32_t> number(leader.size(), 0);
  groups.offsets.push_back(0);
  for (std::size_t i = 0; i < leader.size(); ++i) {
    if (leader[i] != narrow<std::int32_t>(i)) continue;
    number[i] = narrow<std::int32_t>(groups.first.size());
    groups.first.push_back(leader[i]);
    next[i] = groups.offsets.back();
    groups.offsets.push_back(groups.offsets.back() + size[i]);
  }
  groups.members.resize(leader.size());
  for (std::size_t i = 0; i < leader.size(); ++i) {
    groups.members[idx(next[idx(leader[i])]++)] = narrow<std::int32_t>(i);
  }
  groups.by_hash.reserve(groups.size());
  for (const auto& [hash, row] : dealt.rows) {
    if (leader[idx(row)] == row) groups.by_hash.emplace_back(hash, number[idx(row)]);
  }
  return groups;
}

}  // namespace

std::int32_t EqualRows::group_like(const MetricRows& rows, const float* row,
                                   std::span<float> scratch) const {
  const std::uint64_t hash = hash_row(row, rows.cols());
  auto at = std::lower_bound(by_hash.begin(), by_hash.end(), HashedRow{hash, 0});
  for (; at != by_hash.end() && at->first == hash; ++at) {
    const float* other = rows.row(idx(first[idx(at->second)]), scratch);
    if (std::memcmp(row, other, rows.cols() * sizeof(float)) == 0) return at->second;
  }
  return -1;
}

Result<EqualRows> group_equal_rows(const MetricRows& rows, RunContext& run) {
  std::vector<std::uint64_t> hashes(rows.size());
  Stage stage(run, "neighbors", rows.size());
  TG_TRY(parallel_blocks(run, rows.size(), row_grain, [&](const Block& block) {
    std::vector<float> scratch(rows.cols());
    for (std::size_t i = block.begin; i < block.end; ++i) {
      hashes[i] = hash_row(rows.row(i, scratch), rows.cols());
    }
    stage.advance(block.end - block.begin);
  }));
  TG_TRY(Buckets dealt, deal(hashes, run));
  std::vector<std::int32_t> leader(rows.size());
  for (std::size_t i = 0; i < leader.size(); ++i) leader[i] = narrow<std::int32_t>(i);
  TG_TRY(parallel_blocks(run, n_buckets, 1, [&](const Block& block) {
    return resolve_bucket(rows, dealt.bucket(block.index), leader, run);
  }));
  if (run.stop_requested()) return cancelled();
  return collect(leader, dealt);
}

}  // namespace topograph

#include "topograph/neighbors/exact.hpp"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <string>

#include "topograph/neighbors/fuzzy_graph.hpp"
#include "unit/neighbors/brute_force.hpp"

namespace topograph {
namespace {

using testing_support::grid_rows;
using testing_support::normal_rows;

template <class T>
bool same_bits(const Matrix<T>& a, const Matrix<T>& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

bool same_bits(const KnnGraph& a, const KnnGraph& b) {
  return same_bits(a.ids, b.ids) && same_bits(a.distances, b.distances);
}

KnnGraph search(const Matrix<float>& x, std::size_t k, Metric metric, int threads) {
  RunContext run({.threads = threads});
  return exact_knn(x.view(), k, metric, run).value();
}

Matrix<float> permuted(const Matrix<float>& x, std::span<const std::int32_t> order) {
  Matrix<float> y(x.rows(), x.cols());
  for (std::size_t i = 0; i < x.rows(); ++i) {
    const auto from = x.row(idx(order[i]));
    std::copy(from.begin(), from.end(), y.row(i).begin());
  }
  return y;
}

class ThreadsAndMetrics : public testing::TestWithParam<Metric> {};

TEST_P(ThreadsAndMetrics, ExactKnnHasTheSameBitsForAnyNumberOfThreads) {
  for (const Matrix<float>& x : {normal_rows(1, 2100, 20), grid_rows(2, 1500, 7, 3)}) {
    const KnnGraph one = search(x, 12, GetParam(), 1);
    for (const int threads : {2, 3, 7}) {
      EXPECT_TRUE(same_bits(one, search(x, 12, GetParam(), threads))) << threads << " threads";
    }
  }
}

TEST_P(ThreadsAndMetrics, QueryOfTheRowsThemselvesFindsSelfThenTheGraph) {
  const Matrix<float> x = normal_rows(3, 900, 20);
  const KnnGraph graph = search(x, 6, GetParam(), 2);
  RunContext run({.threads = 3});
  const KnnGraph asked = exact_knn_query(x.view(), x.view(), 7, GetParam(), run).value();
  for (std::size_t i = 0; i < x.rows(); ++i) {
    ASSERT_EQ((asked.ids[i, 0]), narrow<std::int32_t>(i));
    for (std::size_t c = 0; c < 6; ++c) {
      ASSERT_EQ((asked.ids[i, c + 1]), (graph.ids[i, c]));
      ASSERT_EQ((asked.distances[i, c + 1]), (graph.distances[i, c]));
    }
  }
}

TEST_P(ThreadsAndMetrics, PermutingTheRowsPermutesTheGraph) {
  const Matrix<float> x = normal_rows(4, 1100, 16);
  const auto order = random_permutation(random_key(5, "test.order"), x.rows());
  const KnnGraph graph = search(x, 8, GetParam(), 2);
  const KnnGraph moved = search(permuted(x, order), 8, GetParam(), 2);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t c = 0; c < 8; ++c) {
      ASSERT_EQ(order[idx(moved.ids[i, c])], (graph.ids[idx(order[i]), c]));
      ASSERT_EQ((moved.distances[i, c]), (graph.distances[idx(order[i]), c]));
    }
  }
}

TEST_P(ThreadsAndMetrics, RowsAreFullSortedAndWithoutSelf) {
  const Matrix<float> x = grid_rows(6, 1000, 5, 4);
  const KnnGraph graph = search(x, 20, GetParam(), 2);
  for (std::size_t i = 0; i < graph.rows(); ++i) {
    for (std::size_t c = 0; c < graph.k(); ++c) {
      ASSERT_NE((graph.ids[i, c]), narrow<std::int32_t>(i));
      if (c == 0) continue;
      ASSERT_LT((std::pair(graph.distances[i, c - 1], graph.ids[i, c - 1])),
                (std::pair(graph.distances[i, c], graph.ids[i, c])));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Metrics, ThreadsAndMetrics,
                         testing::Values(Metric::cosine, Metric::euclidean),
                         [](const auto& tested) { return std::string(enum_name(tested.param)); });

TEST(ExactKnnProperty, ScalingByPowersOfTwoLeavesCosineResultsUnchanged) {
  const Matrix<float> x = normal_rows(7, 700, 13);
  Matrix<float> scaled = x;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (float& v : scaled.row(i)) v = std::ldexp(v, static_cast<int>(i % 9) - 4);
  }
  EXPECT_TRUE(same_bits(search(x, 9, Metric::cosine, 2), search(scaled, 9, Metric::cosine, 2)));
}

/// FNV-1a of the bytes.
std::uint64_t digest(const void* data, std::size_t n_bytes, std::uint64_t hash) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (std::size_t i = 0; i < n_bytes; ++i) hash = (hash ^ bytes[i]) * 0x100000001B3ULL;
  return hash;
}

// The constants were recorded with TG_FORCE_ISA=scalar; run the test with avx2 and avx512, too.
TEST(ExactKnnProperty, HasTheRecordedBitsOnEveryInstructionSet) {
  const RandomKey key = random_key(9, "test.bits");
  Matrix<float> x(1200, 45);
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (std::size_t t = 0; t < x.cols(); ++t) {
      x[i, t] = static_cast<float>(uniform(key, i, t) - 0.5);
    }
  }
  const auto digest_of = [&](Metric metric) {
    const KnnGraph graph = search(x, 15, metric, 2);
    const std::uint64_t ids = digest(graph.ids.data(), graph.ids.size() * 4, 0xCBF29CE484222325ULL);
    return digest(graph.distances.data(), graph.distances.size() * 4, ids);
  };
  EXPECT_EQ(digest_of(Metric::cosine), 5627319065731759055ULL);
  EXPECT_EQ(digest_of(Metric::euclidean), 2498585231819576225ULL);
}

TEST(FuzzyGraphProperty, HasTheSameBitsForAnyNumberOfThreads) {
  const KnnGraph knn = search(grid_rows(8, 3000, 6, 4), 10, Metric::euclidean, 2);
  const auto build = [&](int threads) {
    RunContext run({.threads = threads});
    return fuzzy_graph(knn, {.set_op_mix_ratio = 0.8F}, run).value().edges;
  };
  const Csr<float> one = build(1);
  for (const int threads : {2, 3, 7}) {
    const Csr<float> many = build(threads);
    EXPECT_EQ(one.offsets, many.offsets);
    EXPECT_EQ(one.columns, many.columns);
    EXPECT_EQ(std::memcmp(one.values.data(), many.values.data(), one.nnz() * 4), 0);
  }
}

}  // namespace
}  // namespace topograph

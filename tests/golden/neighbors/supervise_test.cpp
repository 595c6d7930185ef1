// Against umap-learn: see tests/data/neighbors/supervise/PROVENANCE.json.
#include "topograph/neighbors/supervise.hpp"

#include <gtest/gtest.h>

#include <string>

#include "topograph/core/container.hpp"

namespace topograph {
namespace {

class SupervisePeer : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = ArrayFile::open(TG_TEST_DATA "/neighbors/supervise/supervise.safetensors");
    ASSERT_TRUE(opened) << to_string(opened.error());
    file.emplace(std::move(*opened));
    graph = read("graph");
  }
  FuzzyGraph read(const std::string& name) {
    FuzzyGraph out;
    out.edges.offsets = *file->int64s(name + ".offsets");
    out.edges.columns = *file->int32s(name + ".columns");
    out.edges.values = *file->floats(name + ".values");
    out.edges.n_cols = out.edges.rows();
    return out;
  }
  void expect_equal(const Result<FuzzyGraph>& ours, const std::string& name) {
    ASSERT_TRUE(ours) << to_string(ours.error());
    const FuzzyGraph peer = read(name);
    ASSERT_EQ(ours->edges.offsets, peer.edges.offsets) << name;
    ASSERT_EQ(ours->edges.columns, peer.edges.columns) << name;
    for (std::size_t e = 0; e < peer.edges.nnz(); ++e) {
      ASSERT_NEAR(ours->edges.values[e], peer.edges.values[e], 1e-5F) << name << ", edge " << e;
    }
  }

  RunContext run;
  std::optional<ArrayFile> file;
  FuzzyGraph graph;
};

struct Weight {
  float value;
  const char* name;
};
constexpr Weight weights[] = {{0.0F, "0.0"}, {0.5F, "0.5"}, {0.9F, "0.9"}, {1.0F, "1.0"}};

TEST_F(SupervisePeer, GivesTheSameGraphForLabels) {
  const auto labels = *file->int32s("labels");
  for (const Weight& weight : weights) {
    expect_equal(supervise_by_labels(graph, labels, {.weight = weight.value}, run),
                 std::string("labels.") + weight.name);
  }
}

TEST_F(SupervisePeer, GivesTheSameGraphForValues) {
  const Matrix<float> values = *file->matrix("values");
  for (const Weight& weight : weights) {
    expect_equal(supervise_by_values(graph, values.view(), 10, {.weight = weight.value}, run),
                 std::string("values.") + weight.name);
  }
  expect_equal(supervise_by_values(graph, values.view(), 10, {.n_neighbors = 25}, run),
               "values.wide");
}

}  // namespace
}  // namespace topograph

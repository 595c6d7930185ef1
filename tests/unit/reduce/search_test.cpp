#include <gtest/gtest.h>

#include "topograph/reduce/tsne.hpp"
#include "topograph/reduce/umap.hpp"
#include "topograph/reduce/umap_model.hpp"
#include "unit/neighbors/brute_force.hpp"

namespace topograph {
namespace {

NeighborOptions by_lists() {
  return {.method = NeighborMethod::approximate, .storage = NeighborStorage::int8};
}

TEST(ReduceSearch, UmapSearchesAsItIsToldAndSaysWhatItFound) {
  const Matrix<float> x = testing_support::blob_rows(1, 600, 20, 6);
  RunContext run({.threads = 2});
  const UmapOptions options{.n_epochs = 10};
  const auto exact = umap(x.view(), options, run);
  EXPECT_EQ(exact->search->method, NeighborMethod::exact);
  EXPECT_FALSE(exact->search->recall.has_value());
  const auto made = umap({.x = x.view(), .search = by_lists()}, options, run);
  EXPECT_EQ(made->search->method, NeighborMethod::approximate);
  EXPECT_EQ(made->search->storage, NeighborStorage::int8);
  EXPECT_GT(made->search->recall.value(), 0.95);
  const auto model = UmapModel::fit(x, {}, options, by_lists(), run);
  EXPECT_EQ(model->layout().search->recall, made->search->recall);
}

TEST(ReduceSearch, TsneSearchesAsItIsToldAndSaysWhatItFound) {
  const Matrix<float> x = testing_support::blob_rows(2, 500, 20, 6);
  RunContext run({.threads = 2});
  const TsneOptions options{.perplexity = 10, .early_exaggeration_iter = 5, .n_iter = 5};
  EXPECT_EQ(tsne(x.view(), options, run)->search->method, NeighborMethod::exact);
  const auto made = tsne(x.view(), options, run, by_lists());
  EXPECT_EQ(made->search->method, NeighborMethod::approximate);
  EXPECT_GT(made->search->recall.value(), 0.95);
}

TEST(ReduceSearch, NamesTheSearchOptionThatIsOutOfRange) {
  const Matrix<float> x = testing_support::blob_rows(3, 60, 6, 3);
  RunContext run({.threads = 1});
  NeighborOptions bad;
  bad.n_probe = 0;
  EXPECT_EQ(umap({.x = x.view(), .search = bad}, UmapOptions{}, run).error().where,
            "neighbors.n_probe");
  EXPECT_EQ(tsne(x.view(), TsneOptions{}, run, bad).error().where, "neighbors.n_probe");
}

}  // namespace
}  // namespace topograph

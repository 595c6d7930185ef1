#include "topics/peer_sampler.hpp"

#include <gtest/gtest.h>

namespace topograph {
namespace {

// numpy.random.RandomState(42): choice(3, 5), then choice(2, 5), gave [2 0 2 2 0], [0 0 1 0 0].
TEST(PeerSampler, DrawsAsNumpyDoesGroupAfterGroup) {
  PeerSampler sampler;
  EXPECT_EQ(sampler.draw({10, 11, 12}, 5), (std::vector<std::int64_t>{12, 10}));
  EXPECT_EQ(sampler.draw({20, 21}, 5), (std::vector<std::int64_t>{20, 21}));
}

TEST(PeerSampler, OneRowCostsNoDraw) {
  PeerSampler sampler;
  EXPECT_EQ(sampler.draw({7}, 500), (std::vector<std::int64_t>{7}));
  EXPECT_TRUE(sampler.draw({}, 500).empty());
  EXPECT_EQ(sampler.draw({10, 11, 12}, 5), (std::vector<std::int64_t>{12, 10}));
}

}  // namespace
}  // namespace topograph

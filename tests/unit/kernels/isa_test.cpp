#include "topograph/kernels/isa.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace topograph {
namespace {

TEST(Isa, HasOneOfTheDocumentedNames) {
  EXPECT_THAT(isa_name(), testing::AnyOf("scalar", "avx2", "avx512"));
}

TEST(Isa, FollowsTheEnvironmentWhenTheProcessorCan) {
  const char* forced = std::getenv("TG_FORCE_ISA");
  if (forced == nullptr || std::string_view(forced) != "scalar") {
    GTEST_SKIP() << "skipped: TG_FORCE_ISA=scalar is not set";
  }
  EXPECT_EQ(isa_name(), "scalar");
}

}  // namespace
}  // namespace topograph

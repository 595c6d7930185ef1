#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "topograph/core/container.hpp"
#include "topograph/core/error.hpp"

namespace topograph {

/// A file of tests/data/cluster_centers (tools/reference/cluster_centers_golden.py).
class CentersGolden {
 public:
  explicit CentersGolden(const std::string& name)
      : file_(ArrayFile::open(std::filesystem::path(TG_TEST_DATA) / "cluster_centers" /
                              (name + ".safetensors"))) {
    EXPECT_TRUE(file_);
  }
  [[nodiscard]] bool contains(const char* name) const { return file_->contains(name); }
  [[nodiscard]] Matrix<float> matrix(const char* name) const { return must(file_->matrix(name)); }
  [[nodiscard]] std::vector<double> doubles(const char* name) const {
    return must(file_->doubles(name));
  }
  [[nodiscard]] std::vector<std::int32_t> ints(const char* name) const {
    return must(file_->int32s(name));
  }
  [[nodiscard]] std::vector<std::int64_t> longs(const char* name) const {
    return must(file_->int64s(name));
  }
  [[nodiscard]] std::vector<std::uint8_t> bytes(const char* name) const {
    return must(file_->bytes(name));
  }

 private:
  template <class T>
  static T must(Result<T> result) {
    EXPECT_TRUE(result) << to_string(result.error());
    return *std::move(result);
  }
  Result<ArrayFile> file_;
};

/// True when a and b are the same partition under other numbers; -1 must be -1 in both.
inline bool is_same_partition(const std::vector<std::int32_t>& a,
                              const std::vector<std::int32_t>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] < 0) != (b[i] < 0)) return false;
    for (std::size_t j = 0; j < i; ++j) {
      if ((a[i] == a[j]) != (b[i] == b[j])) return false;
    }
  }
  return true;
}

}  // namespace topograph

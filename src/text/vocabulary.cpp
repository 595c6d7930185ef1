#include <algorithm>

#include "topograph/core/expects.hpp"
#include "topograph/core/narrow.hpp"
#include "topograph/text/count_terms.hpp"

namespace topograph {

Vocabulary::Vocabulary(TextColumn terms, std::vector<std::int64_t> document_frequency)
    : terms_(std::move(terms)), frequency_(std::move(document_frequency)) {
  TG_EXPECTS(frequency_.size() == terms_.size());
  for (std::size_t i = 1; i < terms_.size(); ++i) TG_EXPECTS(terms_[i - 1] < terms_[i]);
}

std::int32_t Vocabulary::find(std::string_view term) const {
  std::size_t begin = 0;
  std::size_t end = terms_.size();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (terms_[middle] < term) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin < terms_.size() && terms_[begin] == term ? narrow<std::int32_t>(begin) : -1;
}

}  // namespace topograph

#include "model/shared_terms.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "topograph/core/narrow.hpp"

namespace topograph {

SharedTerms shared_terms(const std::vector<const Vocabulary*>& vocabularies) {
  std::vector<std::string_view> all;
  for (const Vocabulary* vocabulary : vocabularies) {
    for (std::size_t i = 0; i < vocabulary->size(); ++i) all.push_back(vocabulary->terms()[i]);
  }
  std::ranges::sort(all);
  all.erase(std::ranges::unique(all).begin(), all.end());
  SharedTerms shared;
  std::vector<std::int64_t> frequency(all.size(), 0);
  for (const Vocabulary* vocabulary : vocabularies) {
    std::vector<std::int32_t> columns;
    auto at = all.begin();
    for (std::size_t i = 0; i < vocabulary->size(); ++i) {
      at = std::lower_bound(at, all.end(), vocabulary->terms()[i]);
      columns.push_back(narrow<std::int32_t>(at - all.begin()));
      frequency[idx(columns.back())] += vocabulary->document_frequency()[i];
    }
    shared.column_of.push_back(std::move(columns));
  }
  TextColumn terms;
  for (const std::string_view term : all) terms.push_back(term);
  shared.vocabulary = Vocabulary(std::move(terms), std::move(frequency));
  return shared;
}

Csr<double> with_columns(CsrView<double> rows, const SharedTerms& terms, std::size_t which) {
  Csr<double> out;
  out.n_cols = terms.vocabulary.size();
  out.offsets.assign(rows.offsets.begin(), rows.offsets.end());
  out.values.assign(rows.values.begin(), rows.values.end());
  // Terms keep their order, so columns still ascend in every row.
  for (const std::int32_t column : rows.columns) {
    out.columns.push_back(terms.column_of[which][idx(column)]);
  }
  return out;
}

}  // namespace topograph

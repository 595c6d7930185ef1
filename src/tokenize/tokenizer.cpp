#include "topograph/tokenize/tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

#include "tokenize/encode_text.hpp"
#include "tokenize/scratch_pool.hpp"
#include "tokenize/tokenizer_parts.hpp"
#include "topograph/core/expects.hpp"
#include "topograph/core/parallel.hpp"

namespace topograph {

struct Tokenizer::Impl {
  detail::TokenizerParts parts;
  detail::TextEncoder encoder;
  std::size_t id_limit = 0;
  mutable detail::ScratchPool scratch = {};

  explicit Impl(detail::TokenizerParts read) : parts(std::move(read)), encoder(parts) {
    id_limit = parts.vocabulary.id_limit();
    for (const detail::AddedToken& token : parts.added_tokens) {
      id_limit = std::max(id_limit, static_cast<std::size_t>(token.id) + 1);
    }
  }
};

Tokenizer::Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;
Tokenizer::~Tokenizer() = default;

Result<Tokenizer> Tokenizer::load(const std::filesystem::path& tokenizer_json) {
  std::error_code status;
  if (!std::filesystem::is_regular_file(tokenizer_json, status)) {
    return model_error(ErrorCode::not_found, tokenizer_json.string(), "there is no such file",
                       "a model folder needs its tokenizer.json");
  }
  std::ifstream file(tokenizer_json, std::ios::binary);
  const std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return model_error(ErrorCode::io, tokenizer_json.string(), "the file cannot be read");
  return parse(json, tokenizer_json.string());
}

Result<Tokenizer> Tokenizer::parse(std::string_view json, std::string_view where) {
  TG_TRY(auto parts, detail::read_tokenizer_json(json, where));
  Tokenizer tokenizer;
  tokenizer.impl_ = std::make_unique<const Impl>(std::move(parts));
  return tokenizer;
}

std::size_t Tokenizer::vocabulary_size() const { return impl_->id_limit; }

std::string_view Tokenizer::token(std::int32_t id) const {
  const std::string_view known = impl_->parts.vocabulary.token(id);
  if (!known.empty()) return known;
  for (const detail::AddedToken& added : impl_->parts.added_tokens) {
    if (added.id == id) return added.content;
  }
  return {};
}

std::int32_t Tokenizer::token_id(std::string_view token) const {
  const std::int32_t id = impl_->parts.vocabulary.id(token);
  if (id >= 0) return id;
  for (const detail::AddedToken& added : impl_->parts.added_tokens) {
    if (added.content == token) return added.id;
  }
  return -1;
}

std::int32_t Tokenizer::unknown_id() const {
  return std::visit([](const auto& model) { return model.unknown_id(); }, impl_->parts.model);
}

std::int32_t Tokenizer::padding_id() const { return impl_->parts.padding_id; }

bool Tokenizer::encode(std::string_view text, const EncodeOptions& options,
                       std::vector<std::int32_t>& ids, std::vector<TokenOffsets>* offsets) const {
  const detail::ScratchPool::Loan scratch(impl_->scratch);
  return impl_->encoder.encode(text, options.add_special_tokens, options.max_length, *scratch, ids,
                               offsets);
}

void TokenBatch::append(const TokenBatch& other) {
  const auto shift = static_cast<std::int64_t>(ids.size());
  ids.insert(ids.end(), other.ids.begin(), other.ids.end());
  for (std::size_t i = 1; i < other.offsets.size(); ++i)
    offsets.push_back(shift + other.offsets[i]);
  n_truncated += other.n_truncated;
}

Result<TokenBatch> Tokenizer::encode_all(const TextColumn& texts, const EncodeOptions& options,
                                         RunContext& run) const {
  constexpr std::size_t grain = 256;
  std::vector<TokenBatch> blocks(block_count(texts.size(), grain));
  TG_TRY(parallel_blocks(run, texts.size(), grain, [&](const Block& block) {
    TokenBatch& out = blocks[block.index];
    const detail::ScratchPool::Loan scratch(impl_->scratch);
    for (std::size_t i = block.begin; i < block.end; ++i) {
      if (run.stop_requested()) return;
      const bool was_cut = impl_->encoder.encode(texts[i], options.add_special_tokens,
                                                 options.max_length, *scratch, out.ids, nullptr);
      out.n_truncated += was_cut ? 1 : 0;
      out.offsets.push_back(static_cast<std::int64_t>(out.ids.size()));
    }
  }));
  if (run.stop_requested()) return cancelled();
  TokenBatch all;
  std::size_t n_ids = 0;
  for (const TokenBatch& block : blocks) n_ids += block.ids.size();
  all.ids.reserve(n_ids);
  all.offsets.reserve(texts.size() + 1);
  for (const TokenBatch& block : blocks) all.append(block);
  return all;
}

}  // namespace topograph

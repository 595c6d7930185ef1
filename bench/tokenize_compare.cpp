// Encodes the texts of a length-prefixed file and writes or times the ids, for
// tools/reference/tokenize_compare.py, which runs Hugging Face tokenizers on the same bytes.
//
//   bench_tokenize_compare TOKENIZER_JSON TEXTS --ids OUT      ids and byte offsets of every text
//   bench_tokenize_compare TOKENIZER_JSON TEXTS --time THREADS one JSON line with tokens a second
//
// TEXTS: for each text a little-endian uint32 length and its UTF-8 bytes. OUT: for each text a
// uint32 count n, then n int32 ids and n pairs of uint32 offsets.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "topograph/core/narrow.hpp"
#include "topograph/core/text_column.hpp"
#include "topograph/tokenize/tokenizer.hpp"

static_assert(std::endian::native == std::endian::little);

namespace {

using topograph::Result;
using topograph::TextColumn;
using topograph::Tokenizer;

Result<TextColumn> read_texts(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return topograph::input_error(topograph::ErrorCode::not_found, path, "cannot be opened");
  }
  TextColumn texts;
  std::uint32_t length = 0;
  std::string text;
  while (file.read(reinterpret_cast<char*>(&length), sizeof length)) {
    text.resize(length);
    if (!file.read(text.data(), static_cast<std::streamsize>(length))) {
      return topograph::input_error(topograph::ErrorCode::parse, path, "ends inside a text");
    }
    texts.push_back(text);
  }
  return texts;
}

template <class T>
void write(std::ofstream& file, const T* values, std::size_t n) {
  file.write(reinterpret_cast<const char*>(values), static_cast<std::streamsize>(n * sizeof(T)));
}

Result<void> write_ids(const Tokenizer& tokenizer, const TextColumn& texts,
                       const std::string& path) {
  std::ofstream file(path, std::ios::binary);
  std::vector<std::int32_t> ids;
  std::vector<topograph::TokenOffsets> offsets;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ids.clear();
    offsets.clear();
    tokenizer.encode(texts[i], {}, ids, &offsets);
    const auto n = topograph::narrow<std::uint32_t>(ids.size());
    write(file, &n, 1);
    write(file, ids.data(), ids.size());
    write(file, offsets.data(), offsets.size());
  }
  file.close();
  if (!file) return topograph::output_error(path, "cannot be written");
  return {};
}

Result<void> print_speed(const Tokenizer& tokenizer, const TextColumn& texts, int threads) {
  constexpr int n_runs = 5;
  topograph::RunContext run({.threads = threads});
  std::array<double, n_runs> seconds = {};
  std::size_t n_tokens = 0;
  for (double& elapsed : seconds) {
    const auto start = std::chrono::steady_clock::now();
    TG_TRY(const auto batch, tokenizer.encode_all(texts, {}, run));
    elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    n_tokens = batch.ids.size();
  }
  std::ranges::sort(seconds);
  const double median = seconds[n_runs / 2];
  fmt::print(
      "{{\"program\": \"topograph\", \"threads\": {}, \"texts\": {}, \"bytes\": {}, "
      "\"tokens\": {}, \"seconds\": {:.4f}, \"tokens_per_second\": {:.0f}}}\n",
      threads, texts.size(), texts.bytes(), n_tokens, median,
      static_cast<double>(n_tokens) / median);
  return {};
}

Result<void> run_program(const std::vector<std::string>& arguments) {
  if (arguments.size() != 4 || (arguments[2] != "--ids" && arguments[2] != "--time")) {
    return topograph::option_error("arguments",
                                   "expected TOKENIZER_JSON TEXTS (--ids OUT | --time THREADS)");
  }
  TG_TRY(const Tokenizer tokenizer, Tokenizer::load(arguments[0]));
  TG_TRY(const TextColumn texts, read_texts(arguments[1]));
  const std::string& last = arguments[3];
  if (arguments[2] == "--ids") return write_ids(tokenizer, texts, last);
  int threads = 0;
  const auto [end, status] = std::from_chars(last.data(), last.data() + last.size(), threads);
  if (status != std::errc{} || end != last.data() + last.size() || threads < 1) {
    return topograph::option_error("--time", "expected a number of threads");
  }
  return print_speed(tokenizer, texts, threads);
}

}  // namespace

int main(int argc, char** argv) {
  const auto done = run_program(std::vector<std::string>(argv + 1, argv + argc));
  if (done) return 0;
  fmt::print(stderr, "{}\n", topograph::to_string(done.error()));
  return 1;
}

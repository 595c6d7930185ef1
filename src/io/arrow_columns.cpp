#include "io/arrow_columns.hpp"

#include <arrow/api.h>
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <type_traits>
#include <utility>

#include "io/arrow_scalar_text.hpp"
#include "topograph/core/container.hpp"
#include "topograph/core/narrow.hpp"

namespace topograph {
namespace {

/// A day, second or millisecond count as microseconds.
struct TimeScale {
  std::int64_t multiply = 1;
  std::int64_t divide = 1;
};

std::optional<TimeScale> time_scale(const arrow::DataType& type) {
  if (type.id() == arrow::Type::DATE32) return TimeScale{86'400'000'000, 1};
  if (type.id() == arrow::Type::DATE64) return TimeScale{1000, 1};
  if (type.id() != arrow::Type::TIMESTAMP) return std::nullopt;
  switch (static_cast<const arrow::TimestampType&>(type).unit()) {
    case arrow::TimeUnit::SECOND: return TimeScale{1'000'000, 1};
    case arrow::TimeUnit::MILLI: return TimeScale{1000, 1};
    case arrow::TimeUnit::MICRO: return TimeScale{1, 1};
    case arrow::TimeUnit::NANO: return TimeScale{1, 1000};
  }
  return std::nullopt;
}

/// Microseconds, rounded down; a time too far away to be held is kept at the end of the range.
Timestamp scaled_time(std::int64_t value, TimeScale scale) {
  std::int64_t microseconds = 0;
  if (__builtin_mul_overflow(value, scale.multiply, &microseconds)) {
    microseconds = value < 0 ? std::numeric_limits<std::int64_t>::min()
                             : std::numeric_limits<std::int64_t>::max();
  }
  const std::int64_t quotient = microseconds / scale.divide;
  const bool rounds_up = microseconds % scale.divide < 0;
  return {rounds_up ? quotient - 1 : quotient};
}

bool fits_int64(const arrow::ChunkedArray& values) {
  for (const auto& chunk : values.chunks()) {
    const auto& array = static_cast<const arrow::UInt64Array&>(*chunk);
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (array.IsValid(i) && !std::in_range<std::int64_t>(array.Value(i))) return false;
    }
  }
  return true;
}

/// An empty column of the type that `values` is read as.
ColumnValues empty_values(const arrow::ChunkedArray& values) {
  switch (values.type()->id()) {
    case arrow::Type::BOOL: return std::vector<std::uint8_t>();
    case arrow::Type::INT8:
    case arrow::Type::INT16:
    case arrow::Type::INT32:
    case arrow::Type::UINT8:
    case arrow::Type::UINT16: return std::vector<std::int32_t>();
    case arrow::Type::UINT32:
    case arrow::Type::INT64: return std::vector<std::int64_t>();
    case arrow::Type::UINT64:
      if (fits_int64(values)) return std::vector<std::int64_t>();
      return TextColumn();
    case arrow::Type::HALF_FLOAT:
    case arrow::Type::FLOAT: return std::vector<float>();
    case arrow::Type::DOUBLE: return std::vector<double>();
    case arrow::Type::DATE32:
    case arrow::Type::DATE64:
    case arrow::Type::TIMESTAMP: return std::vector<Timestamp>();
    default: return TextColumn();
  }
}

/// Appends one Arrow chunk to a column of ours.
class ChunkReader {
 public:
  explicit ChunkReader(Column& column) : column_(column) {}

  /// Rows of the chunk in which invalid UTF-8 was replaced.
  [[nodiscard]] const std::vector<std::int64_t>& invalid_rows() const { return invalid_rows_; }

  Result<void> append(const arrow::Array& chunk) {
    n_before_ = column_.size();
    TG_TRY(append_values(chunk));
    append_validity(chunk);
    return {};
  }

 private:
  Result<void> append_values(const arrow::Array& chunk) {
    using arrow::Type;
    switch (chunk.type_id()) {
      case Type::BOOL: return numbers<std::uint8_t, arrow::BooleanArray>(chunk);
      case Type::INT8: return numbers<std::int32_t, arrow::Int8Array>(chunk);
      case Type::INT16: return numbers<std::int32_t, arrow::Int16Array>(chunk);
      case Type::INT32: return numbers<std::int32_t, arrow::Int32Array>(chunk);
      case Type::UINT8: return numbers<std::int32_t, arrow::UInt8Array>(chunk);
      case Type::UINT16: return numbers<std::int32_t, arrow::UInt16Array>(chunk);
      case Type::UINT32: return numbers<std::int64_t, arrow::UInt32Array>(chunk);
      case Type::INT64: return numbers<std::int64_t, arrow::Int64Array>(chunk);
      case Type::UINT64:
        if (std::holds_alternative<TextColumn>(column_.values)) return described(chunk);
        return numbers<std::int64_t, arrow::UInt64Array>(chunk);
      case Type::HALF_FLOAT: return halves(chunk);
      case Type::FLOAT: return numbers<float, arrow::FloatArray>(chunk);
      case Type::DOUBLE: return numbers<double, arrow::DoubleArray>(chunk);
      case Type::DATE32: return times<arrow::Date32Array>(chunk);
      case Type::DATE64: return times<arrow::Date64Array>(chunk);
      case Type::TIMESTAMP: return times<arrow::TimestampArray>(chunk);
      case Type::STRING:
      case Type::BINARY: return texts<arrow::BinaryArray>(chunk);
      case Type::LARGE_STRING:
      case Type::LARGE_BINARY: return texts<arrow::LargeBinaryArray>(chunk);
      case Type::STRING_VIEW:
      case Type::BINARY_VIEW: return texts<arrow::BinaryViewArray>(chunk);
      case Type::DICTIONARY: return dictionary(static_cast<const arrow::DictionaryArray&>(chunk));
      default: return described(chunk);
    }
  }

  template <class T, class Array>
  Result<void> numbers(const arrow::Array& chunk) {
    const auto& array = static_cast<const Array&>(chunk);
    auto& values = std::get<std::vector<T>>(column_.values);
    for (std::int64_t i = 0; i < array.length(); ++i) {
      values.push_back(array.IsValid(i) ? static_cast<T>(array.Value(i)) : T{});
    }
    return {};
  }

  Result<void> halves(const arrow::Array& chunk) {
    const auto& array = static_cast<const arrow::HalfFloatArray&>(chunk);
    auto& values = std::get<std::vector<float>>(column_.values);
    for (std::int64_t i = 0; i < array.length(); ++i) {
      values.push_back(array.IsValid(i) ? half_to_float(array.Value(i)) : 0.0F);
    }
    return {};
  }

  template <class Array>
  Result<void> times(const arrow::Array& chunk) {
    const auto& array = static_cast<const Array&>(chunk);
    const TimeScale scale = *time_scale(*array.type());
    auto& values = std::get<std::vector<Timestamp>>(column_.values);
    for (std::int64_t i = 0; i < array.length(); ++i) {
      values.push_back(array.IsValid(i) ? scaled_time(array.Value(i), scale) : Timestamp{});
    }
    return {};
  }

  template <class Array>
  Result<void> texts(const arrow::Array& chunk) {
    const auto& array = static_cast<const Array&>(chunk);
    for (std::int64_t i = 0; i < array.length(); ++i) {
      push_text(i, array.IsValid(i) ? std::string_view(array.GetView(i)) : std::string_view());
    }
    return {};
  }

  Result<void> dictionary(const arrow::DictionaryArray& chunk) {
    Column entries{.values = TextColumn()};
    ChunkReader reader(entries);
    const bool is_text = arrow::is_base_binary_like(chunk.dictionary()->type_id()) ||
                         arrow::is_binary_view_like(chunk.dictionary()->type_id());
    TG_TRY(is_text ? reader.append(*chunk.dictionary()) : reader.described(*chunk.dictionary()));
    const auto& terms = std::get<TextColumn>(entries.values);
    std::vector<bool> is_replaced(terms.size(), false);
    for (const std::int64_t row : reader.invalid_rows_) {
      is_replaced[static_cast<std::size_t>(row)] = true;
    }
    auto& values = std::get<TextColumn>(column_.values);
    for (std::int64_t i = 0; i < chunk.length(); ++i) {
      const bool is_present = chunk.IsValid(i);
      const auto term = is_present ? static_cast<std::size_t>(chunk.GetValueIndex(i)) : 0;
      values.push_back(is_present ? terms[term] : std::string_view());
      if (is_present && is_replaced[term]) invalid_rows_.push_back(i);
    }
    return {};
  }

  /// Types without a counterpart of ours.
  Result<void> described(const arrow::Array& chunk) {
    for (std::int64_t i = 0; i < chunk.length(); ++i) {
      std::string text;
      if (chunk.IsValid(i)) {
        const auto scalar = chunk.GetScalar(i);
        if (!scalar.ok()) {
          return input_error(ErrorCode::unsupported, {}, scalar.status().message());
        }
        text = scalar_text(**scalar);
      }
      push_text(i, text);
    }
    return {};
  }

  void push_text(std::int64_t row, std::string_view bytes) {
    if (push_utf8(std::get<TextColumn>(column_.values), bytes)) invalid_rows_.push_back(row);
  }

  void append_validity(const arrow::Array& chunk) {
    // A dictionary may also hold a null entry; IsNull would look at the index only.
    const auto is_valid = [&](std::int64_t i) {
      if (chunk.type_id() == arrow::Type::NA || chunk.IsNull(i)) return false;
      if (chunk.type_id() != arrow::Type::DICTIONARY) return true;
      const auto& coded = static_cast<const arrow::DictionaryArray&>(chunk);
      return coded.dictionary()->IsValid(coded.GetValueIndex(i));
    };
    const bool may_miss = chunk.null_count() > 0 || chunk.type_id() == arrow::Type::NA ||
                          chunk.type_id() == arrow::Type::DICTIONARY;
    if (!may_miss && column_.valid.empty()) return;
    column_.valid.resize(n_before_, 1);
    for (std::int64_t i = 0; i < chunk.length(); ++i) {
      column_.valid.push_back(is_valid(i) ? 1 : 0);
    }
  }

  Column& column_;
  std::size_t n_before_ = 0;
  std::vector<std::int64_t> invalid_rows_ = {};
};

/// Chunks with extension types replaced by what they are stored as.
std::shared_ptr<arrow::Array> storage_of(const std::shared_ptr<arrow::Array>& chunk) {
  if (chunk->type_id() != arrow::Type::EXTENSION) return chunk;
  return static_cast<const arrow::ExtensionArray&>(*chunk).storage();
}

std::shared_ptr<arrow::ChunkedArray> stored(const std::shared_ptr<arrow::ChunkedArray>& values) {
  if (values->type()->id() != arrow::Type::EXTENSION) return values;
  arrow::ArrayVector chunks;
  for (const auto& chunk : values->chunks()) chunks.push_back(storage_of(chunk));
  const auto& type = static_cast<const arrow::ExtensionType&>(*values->type());
  return std::make_shared<arrow::ChunkedArray>(std::move(chunks), type.storage_type());
}

Result<Column> read_column(const std::string& name, const arrow::ChunkedArray& values,
                           std::vector<std::int64_t>& invalid_rows) {
  Column column{.name = name, .values = empty_values(values)};
  for (const auto& chunk : values.chunks()) {
    const auto n_before = static_cast<std::int64_t>(column.size());
    ChunkReader reader(column);
    TG_TRY(reader.append(*chunk));
    for (const std::int64_t row : reader.invalid_rows()) invalid_rows.push_back(n_before + row);
  }
  const bool all_valid = std::ranges::find(column.valid, 0) == column.valid.end();
  if (all_valid) column.valid.clear();
  return column;
}

template <class Builder, class T>
std::shared_ptr<arrow::Array> build(Builder builder, const Column& column,
                                    const std::vector<T>& values, std::size_t begin,
                                    std::size_t end) {
  // Builders fail only when memory runs out, which is reported as std::bad_alloc everywhere else.
  auto status = builder.Reserve(static_cast<std::int64_t>(end - begin));
  if (!status.ok()) throw std::bad_alloc();
  for (std::size_t row = begin; row < end; ++row) {
    if (!column.is_valid(row)) {
      builder.UnsafeAppendNull();
    } else if constexpr (std::is_same_v<T, Timestamp>) {
      builder.UnsafeAppend(values[row].microseconds);
    } else if constexpr (std::is_same_v<Builder, arrow::BooleanBuilder>) {
      builder.UnsafeAppend(values[row] != 0);
    } else {
      builder.UnsafeAppend(values[row]);
    }
  }
  std::shared_ptr<arrow::Array> array;
  status = builder.Finish(&array);
  if (!status.ok()) throw std::bad_alloc();
  return array;
}

std::shared_ptr<arrow::Array> text_array(const Column& column, const TextColumn& texts,
                                         std::size_t begin, std::size_t end) {
  const auto n = static_cast<std::int64_t>(end - begin);
  const char* bytes = n == 0 ? nullptr : texts[begin].data();
  std::vector<std::int64_t> offsets{0};
  offsets.reserve(end - begin + 1);
  arrow::TypedBufferBuilder<bool> validity;
  if (!validity.Reserve(n).ok()) throw std::bad_alloc();
  for (std::size_t row = begin; row < end; ++row) {
    offsets.push_back(offsets.back() + static_cast<std::int64_t>(texts[row].size()));
    validity.UnsafeAppend(column.is_valid(row));
  }
  const std::int64_t n_missing = validity.false_count();
  auto mask = validity.Finish();
  if (!mask.ok()) throw std::bad_alloc();
  const std::int64_t n_bytes = offsets.back();
  auto data =
      std::make_shared<arrow::Buffer>(reinterpret_cast<const std::uint8_t*>(bytes), n_bytes);
  return std::make_shared<arrow::LargeStringArray>(n, arrow::Buffer::FromVector(std::move(offsets)),
                                                   std::move(data), *std::move(mask), n_missing);
}

}  // namespace

Result<void> append_arrow_table(SourceTable& source, const arrow::Table& table,
                                const RowOrigin& origin, bool strict) {
  SourceTable more;
  for (int c = 0; c < table.num_columns(); ++c) {
    TG_TRY(auto column,
           read_column(table.field(c)->name(), *stored(table.column(c)), more.invalid_rows));
    more.table.columns.push_back(std::move(column));
  }
  std::ranges::sort(more.invalid_rows);
  const auto repeated = std::ranges::unique(more.invalid_rows);
  more.invalid_rows.erase(repeated.begin(), repeated.end());
  if (strict && !more.invalid_rows.empty()) {
    const auto row = origin.row + source.table.n_rows() + idx(more.invalid_rows[0]) + 1;
    return input_error(ErrorCode::parse, fmt::format("{}: row {}", origin.name, row),
                       "expected UTF-8, found other bytes",
                       "leave out --strict to replace such bytes");
  }
  if (source.table.columns.empty()) {
    source = std::move(more);
    return {};
  }
  return append_rows(source, origin.name, std::move(more), origin.name);
}

std::shared_ptr<arrow::Array> to_arrow(const Column& column, std::size_t begin, std::size_t end) {
  return std::visit(
      [&](const auto& values) -> std::shared_ptr<arrow::Array> {
        using V = std::remove_cvref_t<decltype(values)>;
        if constexpr (std::is_same_v<V, TextColumn>) {
          return text_array(column, values, begin, end);
        } else if constexpr (std::is_same_v<V, std::vector<std::int32_t>>) {
          return build(arrow::Int32Builder(), column, values, begin, end);
        } else if constexpr (std::is_same_v<V, std::vector<std::int64_t>>) {
          return build(arrow::Int64Builder(), column, values, begin, end);
        } else if constexpr (std::is_same_v<V, std::vector<float>>) {
          return build(arrow::FloatBuilder(), column, values, begin, end);
        } else if constexpr (std::is_same_v<V, std::vector<double>>) {
          return build(arrow::DoubleBuilder(), column, values, begin, end);
        } else if constexpr (std::is_same_v<V, std::vector<std::uint8_t>>) {
          return build(arrow::BooleanBuilder(), column, values, begin, end);
        } else {
          return build(arrow::TimestampBuilder(arrow::timestamp(arrow::TimeUnit::MICRO, "UTC"),
                                               arrow::default_memory_pool()),
                       column, values, begin, end);
        }
      },
      column.values);
}

}  // namespace topograph

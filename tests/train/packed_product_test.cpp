#include "finite_differences.hpp"

#include <sotto/train/packed_product.hpp>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

namespace sotto::train {
namespace {

Matrix<double> random_matrix(Index rows, Index columns, Random& random) {
  const auto values = test::random_values(static_cast<std::size_t>(rows * columns), 1, random);
  return ConstMatrixMap<double>(values.data(), rows, columns);
}

TEST_CASE("a packed product is the plain one's", "[train]") {
  const Index rows = GENERATE(1, 2, 3, 4, 5, 7, 8, 13);
  const Index depth = GENERATE(1, 5, packed_depth_block - 1, packed_depth_block, packed_depth_block + 1, 307);
  const Index columns = GENERATE(as<Index>{}, 1, PackedMatrix<double>::width - 1, PackedMatrix<double>::width,
                                 PackedMatrix<double>::width + 1, 31, 64);
  CAPTURE(rows, depth, columns);
  Random random(7);
  const Matrix<double> left = random_matrix(rows, depth, random);
  const Matrix<double> right = random_matrix(depth, columns, random);
  const Matrix<double> before = random_matrix(rows, columns, random);
  PackedMatrix<double> packed;
  packed.pack(random_matrix(depth + 3, columns + 9, random));  // leaves nothing behind
  packed.pack(right);

  Matrix<double> result = before;
  add_packed_product(rows_of(left, 0, rows), packed, rows_of(result, 0, rows));
  CHECK((result - before - left * right).cwiseAbs().maxCoeff() < 1e-12);

  packed.pack(Matrix<double>(right.transpose()).transpose());
  Matrix<double> from_transpose = before;
  add_packed_product(rows_of(left, 0, rows), packed, rows_of(from_transpose, 0, rows));
  CHECK(from_transpose == result);
}

TEST_CASE("a row of a packed product does not depend on the rows beside it", "[train]") {
  Random random(8);
  const Matrix<double> left = random_matrix(11, 130, random);
  PackedMatrix<double> packed;
  packed.pack(random_matrix(130, 37, random));
  Matrix<double> all = Matrix<double>::Zero(11, 37);
  add_packed_product(rows_of(left, 0, 11), packed, rows_of(all, 0, 11));
  for (Index row = 0; row < 11; ++row) {
    Matrix<double> alone = Matrix<double>::Zero(1, 37);
    add_packed_product(rows_of(left, row, 1), packed, rows_of(alone, 0, 1));
    CHECK(alone == all.row(row));
  }
}

}  // namespace
}  // namespace sotto::train

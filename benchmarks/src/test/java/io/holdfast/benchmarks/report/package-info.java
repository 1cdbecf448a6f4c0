// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.holdfast.benchmarks.report;

import org.jspecify.annotations.NullMarked;

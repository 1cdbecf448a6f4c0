// SPDX-License-Identifier: Apache-2.0
/** Figures of a run, and how they are shown: as text, as Markdown, as JSON and as drawings. */
@NullMarked
package io.holdfast.benchmarks.report;

import org.jspecify.annotations.NullMarked;

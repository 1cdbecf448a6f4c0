// SPDX-License-Identifier: Apache-2.0
package kotlin;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/** Stands for the annotation that Kotlin's compiler gives to all classes. */
@Retention(RetentionPolicy.RUNTIME)
public @interface Metadata {}

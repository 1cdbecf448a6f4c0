// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.holdfast.metrics.HoldfastMetrics;

/** The walls between the rooms of the plugin: who may know whom. */
@AnalyzeClasses(packages = "io.holdfast", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule ROOMS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("eventstore")
          .definedBy("io.holdfast.eventstore..")
          .layer("query")
          .definedBy("io.holdfast.query..")
          .layer("feed")
          .definedBy("io.holdfast.feed..")
          .layer("journal")
          .definedBy("io.holdfast.journal..")
          .layer("cassandra")
          .definedBy("io.holdfast.cassandra..")
          .layer("fence")
          .definedBy("io.holdfast.fence..")
          .layer("serialization")
          .definedBy("io.holdfast.serialization..")
          .layer("metrics")
          .definedBy("io.holdfast.metrics..")
          .whereLayer("eventstore")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("query")
          .mayOnlyBeAccessedByLayers("eventstore")
          .whereLayer("feed")
          .mayOnlyBeAccessedByLayers("eventstore", "query")
          .whereLayer("journal")
          .mayOnlyBeAccessedByLayers("eventstore")
          .whereLayer("cassandra")
          .mayOnlyBeAccessedByLayers("journal", "query", "feed")
          .whereLayer("fence")
          .mayOnlyBeAccessedByLayers("journal", "query", "feed", "cassandra")
          .whereLayer("serialization")
          .mayOnlyBeAccessedByLayers("eventstore", "journal", "query", "cassandra")
          .layer("settings")
          .definedBy("io.holdfast.settings..")
          .whereLayer("settings")
          .mayOnlyBeAccessedByLayers("eventstore", "journal", "query", "feed", "cassandra")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("eventstore", "journal", "query", "feed");

  @ArchTest
  static final ArchRule FENCE_KNOWS_NOBODY =
      classes()
          .that()
          .resideInAPackage("io.holdfast.fence..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("io.holdfast.fence..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule ONLY_CASSANDRA_KNOWS_THE_DRIVER =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.holdfast.cassandra..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.datastax..");

  @ArchTest
  static final ArchRule METRICS_KNOW_NOBODY =
      classes()
          .that()
          .resideInAPackage("io.holdfast.metrics..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.holdfast.metrics..",
              "java..",
              "scala..",
              "org.apache.pekko.actor..",
              "org.jspecify..",
              "org.slf4j..",
              "io.micrometer..");

  /** Micrometer is optional: only who calls the one public class may need it. */
  @ArchTest
  static final ArchRule ONLY_TWO_CLASSES_KNOW_MICROMETER =
      noClasses()
          .that(not(name(HoldfastMetrics.class.getName())))
          .and(not(name("io.holdfast.metrics.MicrometerRecorder")))
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.micrometer..")
                  .or(name(HoldfastMetrics.class.getName()))
                  .or(name("io.holdfast.metrics.MicrometerRecorder")));

  /** OpenTelemetry is optional: only who makes a tracing store may need it. */
  @ArchTest
  static final ArchRule ONLY_TRACING_KNOWS_OPENTELEMETRY =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.holdfast.eventstore.tracing")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.opentelemetry..", "io.holdfast.eventstore.tracing");

  @ArchTest
  static final ArchRule NOBODY_USES_THE_GLOBAL_OPENTELEMETRY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.opentelemetry.api.GlobalOpenTelemetry");

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching("io.holdfast.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_STAGE_FROM_SCALA_CONVERTERS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("scala.jdk.javaapi.FutureConverters");
}

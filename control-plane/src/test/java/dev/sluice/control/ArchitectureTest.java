package dev.sluice.control;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;

@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule planesDoNotKnowEachOther = noClasses()
            .that()
            .resideInAPackage("dev.sluice.control..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sluice.runtime..")
            .because("all that crosses between the planes is in shared-model");

    @ArchTest
    static final ArchRule modelIsFreeOfInputAndOutput = noClasses()
            .that()
            .resideInAPackage("dev.sluice.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "java.sql..")
            .because("both planes and every test may use the model, on any thread");

    @ArchTest
    static final ArchRule packagesFormNoCycles = slices().matching("dev.sluice.control.(*)..")
            .should()
            .beFreeOfCycles()
            .because("a package that is read must not need another one that needs it");

    @ArchTest
    static final ArchRule apisReadNoRows = noClasses()
            .that()
            .haveSimpleNameEndingWith("Api")
            .or()
            .haveSimpleNameEndingWith("Rules")
            .or()
            .haveSimpleNameEndingWith("View")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Row.class, RowSet.class)
            .because("SQL is the business of stores");

    @ArchTest
    static final ArchRule theFrameKnowsNoAggregate = noClasses()
            .that()
            .resideInAPackage("dev.sluice.control.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.sluice.control.service..",
                    "dev.sluice.control.version..",
                    "dev.sluice.control.implementation..",
                    "dev.sluice.control.route..",
                    "dev.sluice.control.group..",
                    "dev.sluice.control.revision..",
                    "dev.sluice.control.publish..",
                    "dev.sluice.control.status..")
            .because("aggregates register with the frame, not the other way round");

    @ArchTest
    static final ArchRule nothingStaticChanges = fields().that()
            .areStatic()
            .and()
            .areDeclaredInClassesThat()
            .resideInAPackage("dev.sluice.control..")
            .should()
            .beFinal()
            .because("several control planes run in one test, and tests run in any order");

    @ArchTest
    static final ArchRule failuresAreUnchecked = classes()
            .that()
            .haveSimpleNameEndingWith("Exception")
            .and()
            .resideInAPackage("dev.sluice..")
            .should()
            .beAssignableTo(RuntimeException.class)
            .because("failures travel in futures");
}

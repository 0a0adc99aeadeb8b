package dev.sluice.model;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.sluice.model", importOptions = DoNotIncludeTests.class)
class ModelArchitectureTest {
    @ArchTest
    static final ArchRule knowsNoServerAndNoDatabase = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..", "java.sql..", "javax.sql..", "org.postgresql..")
            .because("both planes, tools and tests use the model, whatever they are served by");

    @ArchTest
    static final ArchRule knowsNeitherPlane = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.sluice.control..", "dev.sluice.runtime..")
            .because("the planes depend on the model, and never on each other through it");

    @ArchTest
    static final ArchRule readsFilesForSettingsAlone = noClasses()
            .that()
            .resideOutsideOfPackage("dev.sluice.model.settings")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..", "java.nio.channels..")
            .because("whoever calls the model must be able to rely on it that it never waits for a disk");

    @ArchTest
    static final ArchRule hasNoCycles = slices().matching("dev.sluice.model.(*)..")
            .should()
            .beFreeOfCycles()
            .because("each package can then be read, and changed, knowing only those below it");

    @ArchTest
    static final ArchRule hasNoStaticStateThatChanges = fields().that()
            .areStatic()
            .and(describe("are not made by the compiler", ModelArchitectureTest::isWritten))
            .should()
            .beFinal()
            .because("two processes in one JVM, as in tests and the quickstart, must not see each other");

    private static boolean isWritten(JavaField field) {
        return !field.getName().startsWith("$");
    }
}

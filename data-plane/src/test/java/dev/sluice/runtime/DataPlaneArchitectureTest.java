package dev.sluice.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.sluice.runtime", importOptions = DoNotIncludeTests.class)
class DataPlaneArchitectureTest {
    @ArchTest
    static final ArchRule planesDoNotKnowEachOther = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.sluice.control..")
            .because("what the planes share is in shared-model, and all else crosses a wire");

    @ArchTest
    static final ArchRule packagesHaveNoCycles = slices().matching("dev.sluice.runtime.(*)..")
            .should()
            .beFreeOfCycles()
            .because("each package must be understood without the ones that use it");

    @ArchTest
    static final ArchRule requestsDoNotKnowTheControlPlane = noClasses()
            .that()
            .resideInAnyPackage("..runtime.request..", "..runtime.upstream..", "..runtime.failure..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..runtime.sync..", "..runtime.disk..", "dev.sluice.model.wire..")
            .because("a request needs what is compiled and nothing that comes and goes with the control plane");

    @ArchTest
    static final ArchRule onlyTheBusKnowsHazelcast = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.sluice.runtime.sync.ClusteredBus")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..", "io.vertx.spi.cluster..")
            .because("nothing that matters rests on membership");

    @ArchTest
    static final ArchRule onlyTheGuardAndTheSocketsKnowChannels = noClasses()
            .that()
            .resideOutsideOfPackage("..request.guard..")
            .and()
            .haveNameNotMatching(".*\\.(ProxyTransport|Diagnosis|DnsLookup|\\w*Sockets?)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty.channel..", "io.netty.bootstrap..")
            .because("what Vert.x does with its pipelines is its own business, and may change with each release");

    @ArchTest
    static final ArchRule nothingIsKeptInStatics = fields().that()
            .areStatic()
            .should()
            .beFinal()
            .because("several runtimes may live in one process, as they do in tests");

    @ArchTest
    static final ArchRule serversAndStoresAreFinal = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveModifier(JavaModifier.FINAL)
            .because("nothing here is made to be extended");
}

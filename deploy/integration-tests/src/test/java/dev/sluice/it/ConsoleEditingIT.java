package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Editing, deleting and restoring in a browser, and what the API refuses there. */
class ConsoleEditingIT {
    @Order(1)
    @RegisterExtension
    static final ConsoleBrowser BROWSER = new ConsoleBrowser();

    @Order(2)
    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void aNameThatIsTakenIsSaidAtItsFieldAndNothingTypedIsLost() {
        SLUICE.api().post("/v1/services", Map.of("name", "taken")).require(201);
        ConsolePage console = BROWSER.person(SLUICE).signIn();

        console.button("Add New Service").click();
        console.field("Service Name").fill("taken");
        console.field("Version Name").fill("v.1");
        console.field("Description").fill("Typed with care.");
        console.press("Create");

        assertThat(console.dialog("Add New Service")).containsText("The name 'taken' is taken by service");
        assertThat(console.field("Description")).hasValue("Typed with care.");
        console.screenshot("refused-name");
        console.field("Service Name").fill("free");
        console.press("Create");
        assertThat(console.heading("free")).isVisible();
        assertThat(console.text("Typed with care.")).isVisible();
        console.requireNoViolation();
    }

    @Test
    void aWrongUrlAndAWrongPathAreSaidAtTheirFieldsInEitherStep() {
        SLUICE.api()
                .post("/v1/services", Map.of("name", "mistyped", "version", "v.1"))
                .require(201);
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("services/mistyped/versions/v.1");

        console.button("New Implementation").click();
        console.field("URL").fill("htp://nowhere");
        console.text("View 6 Advanced Fields").click();
        console.field("Retries").fill("9");
        console.press("Next");
        console.field("Name").fill("mistyped");
        console.press("Add Path");
        console.field("Path").fill("/mistyped");
        console.press("Create");

        assertThat(console.field("URL")).hasValue("htp://nowhere");
        assertThat(console.field("URL")).isVisible();
        assertThat(console.page().locator("sl-input.invalid")).hasCount(1);
        console.screenshot("refused-url");
        console.field("URL").fill(SLUICE.echo().address().toString());
        console.press("Next");
        assertThat(console.field("Name")).hasValue("mistyped");
        console.field("Path").fill("mistyped");
        console.press("Create");

        assertThat(console.page().locator(".list-field sl-input.invalid")).hasCount(1);
        console.screenshot("refused-path");
        console.field("Path").fill("/mistyped");
        console.press("Create");
        assertThat(console.text("serving on 2 of 2 runtimes")).isVisible();
        serves("/mistyped", 200);
        console.act("Edit implementation");
        console.text("View 6 Advanced Fields").click();
        assertThat(console.field("Retries")).hasValue("9");
        console.requireNoViolation();
    }

    @Test
    void aCertificateIsMadeWithItsServerNamesAndWarnsOfOneThatItDoesNotCover(@TempDir Path directory)
            throws IOException {
        SelfSigned made = SelfSigned.of("api.example.com", directory);
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("certificates");

        console.button("Add Certificate").click();
        console.field("Name").fill("api");
        console.field("Certificate").fill(made.cert());
        console.field("Private Key").fill(made.key());
        console.field("SNIs").fill("api.example.com, 10.0.0.1");
        console.press("Create");
        assertThat(console.page().locator("sl-input.invalid")).hasCount(1);
        assertThat(console.dialog("Add Certificate")).containsText("addresses and ports are no server names");
        console.field("SNIs").fill("api.example.com, www.example.com");
        console.press("Create");

        Locator snis = console.page().getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("SNIs"));
        assertThat(snis.getByText("api.example.com", new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(snis.getByText("Clients that ask for www.example.com refuse it"))
                .isVisible();
        assertThat(snis.locator(".refusal")).hasCount(1);
        console.screenshot("sni-not-covered");

        console.act("Actions for SNI www.example.com", "Delete");
        console.press("Delete");
        assertThat(console.page().locator(".refusal")).hasCount(0);
        console.requireNoViolation();
    }

    @Test
    void whatIsEditedAndDeletedComesBackByARestore() {
        SLUICE.declare("editable", "", Map.of("name", "editable", "paths", List.of("/editable")));
        serves("/editable", 200);
        long before = SLUICE.headRevision(0);
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("services/editable/versions/v.1");
        Page page = console.page();

        console.act("Edit implementation");
        console.field("URL").fill(SLUICE.echo().address("/status/418").toString());
        console.press("Save");
        assertThat(console.text(SLUICE.echo().address("/status/418").toString()))
                .isVisible();
        serves("/editable", 418);

        console.act("Actions for route editable", "Delete route");
        console.press("Delete");
        assertThat(page.getByText("No routes yet")).isVisible();
        serves("/editable", 404);

        console.act("Delete version");
        console.press("Delete");
        assertThat(page.getByText("No versions yet")).isVisible();

        console.link("Revisions").click();
        page.getByRole(
                        AriaRole.ROW,
                        new Page.GetByRoleOptions().setName("create implementation of editable/v.1 and route editable"))
                .getByText("Restore")
                .click();
        assertThat(console.dialog("Restore revision " + before)).containsText("This will change");
        assertThat(console.dialog("Restore revision " + before)).containsText("added route editable");
        console.screenshot("restore");
        console.press("Restore");
        assertThat(page.getByText("Revision " + before + " restored")).isVisible();
        serves("/editable", 200);
        console.go("services/editable/versions/v.1");
        assertThat(console.link("editable").last()).isVisible();
        console.requireNoViolation();
    }

    @Test
    void whoWasOvertakenIsToldSo() {
        SLUICE.declare("contended", "", Map.of("name", "contended", "paths", List.of("/contended")));
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("services/contended/versions/v.1");
        console.act("Edit implementation");
        console.text("View 6 Advanced Fields").click();
        console.field("Retries").fill("1");
        SLUICE.api()
                .patch("/v1/services/contended/versions/v.1/implementation", Map.of("retries", 2))
                .require(200);
        console.press("Save");

        assertThat(console.dialog("Edit Implementation").getByRole(AriaRole.ALERT))
                .isVisible();
        assertThat(console.field("Retries")).hasValue("1");
        console.requireNoViolation();
    }

    /** Waits until every runtime answers so. */
    private static void serves(String path, int status) {
        for (Member runtime : SLUICE.runtimes()) {
            Await.until(
                    Duration.ofSeconds(10),
                    runtime.name() + " answers " + status,
                    () -> Http.get(runtime.address(path)).statusCode() == status);
        }
    }
}

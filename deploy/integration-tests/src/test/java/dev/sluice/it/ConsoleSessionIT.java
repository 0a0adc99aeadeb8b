package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Signing in and out, sessions that end, and who may do what, in a browser. */
class ConsoleSessionIT {
    private static final String PASSWORD = "correct horse battery staple";

    @Order(1)
    @RegisterExtension
    static final ConsoleBrowser BROWSER = new ConsoleBrowser();

    @Order(2)
    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 0);

    @Test
    void aSessionThatEndsLosesNothingThatWasTyped() {
        String token = SLUICE.api()
                .post("/v1/tokens", Map.of("name", "shortlived", "grants", List.of(Map.of("role", "admin"))))
                .require(201)
                .body()
                .path("token")
                .asText();
        ConsolePage console = BROWSER.person(SLUICE).signIn(token);
        console.button("Add New Service").click();
        console.field("Service Name").fill("typed-before");
        console.field("Description").fill("Typed with care.");

        SLUICE.api().delete("/v1/tokens/shortlived").require(204);
        console.press("Create");
        assertThat(console.dialog("Your session has ended")).isVisible();
        console.screenshot("session-ended");
        console.enter(SLUICE.token());
        assertThat(console.dialog("Your session has ended")).isHidden();

        assertThat(console.field("Description")).hasValue("Typed with care.");
        console.press("Create");
        assertThat(console.heading("typed-before")).isVisible();
        console.requireNoViolation();
    }

    @Test
    void aReloadGoesOnWithTheSessionAndSigningOutEndsIt() {
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("runtimes");
        console.page().reload();
        assertThat(console.heading("Runtimes")).isVisible();
        assertThat(console.page()
                        .evaluate("() => document.cookie + JSON.stringify({...sessionStorage, ...localStorage})"))
                .as("what scripts can read")
                .asString()
                .doesNotContain(SLUICE.token())
                .doesNotContain("sluice_session");

        console.button("Sign out").click();
        assertThat(console.heading("Sign in to Sluice")).isVisible();
        console.page().reload();
        assertThat(console.heading("Sign in to Sluice")).isVisible();
        console.requireNoViolation();
    }

    @Test
    void aWrongTokenIsRefusedInTheApisWords() {
        ConsolePage console = BROWSER.person(SLUICE);
        console.page().navigate(SLUICE.controlPlane(0).address() + "/");
        console.enter("not-a-token");
        assertThat(console.page().getByRole(AriaRole.ALERT)).isVisible();
        console.screenshot("sign-in-refused");
        console.requireNoViolation();
    }

    @Test
    void aUserIsAddedSignsInAndMayOnlyRead() {
        ConsolePage admin = BROWSER.person(SLUICE).signIn().go("users");
        admin.button("Add User").click();
        admin.field("Name").fill("anna");
        admin.field("Password").fill("short");
        admin.press("Create");
        assertThat(admin.page().locator("sl-dialog sl-input.invalid")).hasCount(1);
        admin.field("Password").fill(PASSWORD);
        admin.press("Create");
        assertThat(row(admin, "anna")).containsText("viewer everywhere");

        ConsolePage anna = BROWSER.person(SLUICE);
        anna.page().navigate(SLUICE.controlPlane(0).address() + "/");
        anna.button("User").click();
        anna.page().getByLabel("User name").fill("anna");
        anna.page()
                .getByLabel("Password", new Page.GetByLabelOptions().setExact(true))
                .fill(PASSWORD);
        anna.button("Sign in").click();
        assertThat(anna.heading("Services")).isVisible();
        assertThat(anna.link("Audit")).hasCount(0);
        anna.button("Add New Service").click();
        anna.field("Service Name").fill("not-allowed");
        anna.press("Create");
        assertThat(anna.dialog("Add New Service").getByRole(AriaRole.ALERT)).isVisible();
        anna.screenshot("not-allowed");
        anna.requireNoViolation();
    }

    @Test
    void aTokenIsShownOnceAndRevokedAndTheAuditTrailTellsIt() {
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("users");
        console.button("Add Token").click();
        console.field("Name").fill("pipeline");
        console.press("Create");
        Locator secret = console.dialog("Token pipeline").locator("pre");
        String token = secret.textContent();
        console.screenshot("token-shown-once");
        console.press("Done");
        assertThat(secret).hasCount(0);
        assertThat(ApiClient.of(SLUICE.controlPlane(0).address(), token)
                        .get("/v1/services")
                        .status())
                .isEqualTo(200);

        row(console, "pipeline").getByText("Revoke").click();
        console.press("Revoke");
        assertThat(row(console, "pipeline")).hasCount(0);
        assertThat(ApiClient.of(SLUICE.controlPlane(0).address(), token)
                        .get("/v1/services")
                        .status())
                .isEqualTo(401);

        console.link("Audit").click();
        assertThat(row(console, "delete token")).containsText("pipeline");
        console.button("delete token").first().click();
        assertThat(console.dialog("delete token")).containsText("DELETE /v1/tokens/");
        console.screenshot("audit-record");
        console.requireNoFault();
    }

    private static Locator row(ConsolePage console, String text) {
        return console.page().getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(text));
    }
}

package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An upstream in a browser, from its making to its end, and what runtimes make of it. */
class ConsoleUpstreamsIT {
    @Order(1)
    @RegisterExtension
    static final ConsoleBrowser BROWSER = new ConsoleBrowser();

    @Order(2)
    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void anUpstreamIsMadeServesIsTakenOutAndComesBack() {
        String target = SLUICE.echo().address().getAuthority();
        ConsolePage console = BROWSER.person(SLUICE).signIn();
        Page page = console.page();

        console.link("Upstreams").click();
        console.button("Add Upstream").click();
        console.field("Name").fill("10.0.0.1");
        console.press("Create");
        assertThat(page.locator("sl-input.invalid")).hasCount(1);
        console.field("Name").fill("orders.upstream");
        console.text("Health Checks").click();
        console.field("Broken Connections").fill("3");
        console.press("Create");
        assertThat(console.heading("orders.upstream")).isVisible();
        assertThat(console.text("passive")).isVisible();

        console.button("Add Target").click();
        console.field("Address").fill(target);
        console.field("Weight").fill("50");
        console.press("Create");
        assertThat(page.getByText("healthy", new Page.GetByTextOptions().setExact(true)))
                .hasCount(2);
        console.screenshot("upstream-healthy");

        SLUICE.api()
                .post("/v1/services", Map.of("name", "orders", "version", "v.1"))
                .require(201);
        SLUICE.api()
                .post(
                        "/v1/services/orders/versions/v.1/implementation",
                        Map.of(
                                "url",
                                "http://orders.upstream/status/418",
                                "route",
                                Map.of("name", "orders", "paths", List.of("/orders"))))
                .require(201);
        serves(418);

        console.act("Actions for target " + target, "Set unhealthy");
        assertThat(console.text("taken out")).isVisible();
        serves(503);
        console.act("Actions for target " + target, "Set healthy");
        assertThat(page.getByText("healthy", new Page.GetByTextOptions().setExact(true)))
                .hasCount(2);
        serves(418);

        console.act("Delete upstream");
        console.press("Delete");
        assertThat(console.dialog("Delete Upstream")).containsText("is the host of the implementation of orders/v.1");
        console.press("Cancel");
        SLUICE.api().delete("/v1/services/orders/versions/v.1/implementation").require(204);
        console.act("Delete upstream");
        console.press("Delete");
        assertThat(console.text("No upstreams yet: implementations call their hosts by themselves."))
                .isVisible();
        console.requireNoViolation();
    }

    /** Waits until every runtime answers so. */
    private static void serves(int status) {
        for (Member runtime : SLUICE.runtimes()) {
            Await.until(
                    Duration.ofSeconds(10),
                    runtime.name() + " answers " + status,
                    () -> Http.get(runtime.address("/orders")).statusCode() == status);
        }
    }
}

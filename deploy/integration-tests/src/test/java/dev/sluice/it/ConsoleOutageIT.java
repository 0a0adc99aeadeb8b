package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the console shows while a runtime or the control plane is away, and that it goes on by itself. */
class ConsoleOutageIT {
    @Order(1)
    @RegisterExtension
    static final ConsoleBrowser BROWSER = new ConsoleBrowser();

    @Order(2)
    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void aDeadRuntimeShowsAsStaleWithinFiveSecondsAndAsLiveWhenItIsBack() {
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("runtimes");
        Locator row =
                console.page().getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("runtime-2"));
        assertThat(row).containsText("live");
        assertThat(row).containsText("in sync");

        SLUICE.runtime(1).kill();
        assertThat(row).containsText("stale", new LocatorAssertions.ContainsTextOptions().setTimeout(5000));
        console.screenshot("stale-runtime");

        SLUICE.runtime(1).start();
        assertThat(row).containsText("live");
        console.requireNoFault();
    }

    @Test
    void theControlPlaneGoesAwayAndComesBackAndTheCountsGoOn() {
        SLUICE.declare("lasting", "", Map.of("name", "lasting", "paths", List.of("/lasting")));
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("services/lasting/versions/v.1");
        Page page = console.page();
        call();
        assertThat(page.getByText("1 in the last 5 minutes")).isVisible();
        page.evaluate("() => { window.notReloaded = true; }");

        SLUICE.controlPlane(0).kill();
        assertThat(page.getByText("The control plane does not answer.")).isVisible();
        assertThat(page.getByText("1 in the last 5 minutes")).isVisible();
        console.screenshot("away");
        call();

        SLUICE.controlPlane(0).start();
        SLUICE.controlPlane(0).awaitReady();
        assertThat(page.getByText("The control plane does not answer.")).isHidden();
        assertThat(page.getByText("2 in the last 5 minutes")).isVisible();
        call();
        assertThat(page.getByText("3 in the last 5 minutes")).isVisible();
        assertThat(page.evaluate("() => window.notReloaded")).isEqualTo(true);
        console.requireNoViolation();
    }

    private static void call() {
        assertThat(Http.get(SLUICE.runtime(0).address("/lasting")).statusCode()).isEqualTo(200);
    }
}

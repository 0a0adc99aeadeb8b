package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The founding walk-through in a browser, word for word. */
class ConsoleWalkthroughIT {
    private static final LocatorAssertions.IsVisibleOptions WITHIN_TWO_SECONDS =
            new LocatorAssertions.IsVisibleOptions().setTimeout(2000);

    @Order(1)
    @RegisterExtension
    static final ConsoleBrowser BROWSER = new ConsoleBrowser();

    @Order(2)
    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @Test
    void aServiceIsDeclaredServedAndItsStatusCodeShows() {
        SLUICE.showProxyUrl();
        ConsolePage console = BROWSER.person(SLUICE).signIn();
        Page page = console.page();

        console.button("Add New Service").click();
        console.field("Service Name").fill("example_service");
        console.field("Version Name").fill("v.1");
        console.field("Description").fill("What the walk-through makes.");
        console.screenshot("walk-1-add-new-service");
        console.press("Create");

        assertThat(console.heading("example_service")).isVisible();
        assertThat(console.heading("Versions")).isVisible();
        console.screenshot("walk-2-service");
        console.link("v.1").click();

        console.button("New Implementation").click();
        assertThat(console.dialog("New Implementation")).isVisible();
        assertThat(page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("Add using URL")))
                .isChecked();
        console.field("URL").fill(SLUICE.echo().address().toString());
        console.text("View 6 Advanced Fields").click();
        assertThat(console.field("Retries")).hasValue("5");
        assertThat(console.field("Connection Timeout")).hasValue("60000");
        assertThat(console.field("Write Timeout")).hasValue("60000");
        assertThat(console.field("Read Timeout")).hasValue("60000");
        assertThat(console.field("Tags")).hasValue("");
        console.screenshot("walk-3-create-implementation");
        console.press("Next");

        console.field("Name").fill("mockbin");
        console.field("Method").fill("GET");
        console.press("Add Path");
        console.field("Path").fill("/mock");
        console.screenshot("walk-4-add-a-route");
        console.press("Create");

        assertThat(console.heading("v.1")).isVisible();
        assertThat(console.text("serving on 2 of 2 runtimes")).isVisible();
        assertThat(console.link("mockbin")).isVisible();
        assertThat(headline(page)).containsText("0 in the last 5 minutes");
        page.evaluate("() => { window.notReloaded = true; }");

        console.button("Copy Proxy URL").click();
        String proxy = (String) page.evaluate("() => navigator.clipboard.readText()");
        assertThat(proxy).isEqualTo(SLUICE.runtime(0).address().toString());
        Page upstream = page.context().newPage();
        assertThat(upstream.navigate(proxy + "/mock").status()).isEqualTo(200);
        assertThat(upstream.locator("h1")).hasText("Echo");
        upstream.close();

        assertThat(page.getByText("1 in the last 5 minutes")).isVisible(WITHIN_TWO_SECONDS);
        console.button("List").click();
        assertThat(page.getByRole(
                        AriaRole.ROW, new Page.GetByRoleOptions().setName(Pattern.compile("200\\s+1 \\(100\\.00%\\)"))))
                .isVisible();
        assertThat(page.evaluate("() => window.notReloaded")).isEqualTo(true);
        console.screenshot("walk-5-status-code-200");

        console.button("Actions").click();
        for (String item :
                new String[] {"View configuration", "Edit implementation", "Delete implementation", "Delete version"}) {
            assertThat(page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName(item)))
                    .isVisible();
        }
        console.screenshot("walk-6-actions");
        console.requireNoFault();
    }

    private static Locator headline(Page page) {
        return page.getByTestId("headline");
    }
}

package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import dev.sluice.it.ConsoleBrowser.Screen;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every page, light, dark and on a phone: accessible by axe's rules, but where one is blind, and no wider than the screen;
 * kept as screenshots.
 */
class ConsoleLooksIT {
    /** By how much the page, or a dialog on it, is wider than what shows of it. */
    private static final String BEYOND_THE_EDGE = """
        () => Math.max(0, ...[
          document.documentElement,
          ...[...document.querySelectorAll("sl-dialog[open]")].map((it) => it.shadowRoot.querySelector("[part=body]")),
        ].map((it) => it.scrollWidth - it.clientWidth))
        """;

    private static final String VERSION = "services/orders/versions/v.1";

    @Order(1)
    @RegisterExtension
    static final ConsoleBrowser BROWSER = new ConsoleBrowser();

    @Order(2)
    @RegisterExtension
    static final Sluice SLUICE = Sluice.with(1, 2);

    @BeforeAll
    static void declareAndCall() {
        SLUICE.showProxyUrl();
        SLUICE.declare(
                "orders", "", Map.of("name", "orders", "paths", List.of("/orders"), "methods", List.of("GET", "POST")));
        SLUICE.api()
                .patch("/v1/services/orders", Map.of("description", "Orders of the shop, and what becomes of them."))
                .require(200);
        SLUICE.api()
                .waiting(10)
                .post(
                        "/v1/services/orders/versions/v.1/routes",
                        Map.of(
                                "name",
                                "orders-admin",
                                "hosts",
                                List.of("admin.example.com"),
                                "paths",
                                List.of("/orders", "~/o/[0-9]+$")))
                .require(201);
        SLUICE.declare("payments", "", Map.of("name", "payments", "paths", List.of("/payments")));
        SLUICE.api()
                .post("/v1/services", Map.of("name", "search", "version", "v.1"))
                .require(201);
        SLUICE.api().put("/v1/upstreams/orders.upstream", Map.of()).require(201);
        for (String target : List.of("127.0.0.1:9001", "127.0.0.1:9002", "orders.invalid:9003")) {
            SLUICE.api()
                    .post("/v1/upstreams/orders.upstream/targets", Map.of("target", target))
                    .require(201);
        }
        for (int i = 0; i < 40; i++) {
            call(SLUICE.runtime(i % 2), "/orders", 200);
            int status = List.of(204, 301, 404, 503).get(i % 4);
            call(SLUICE.runtime(i % 2), "/orders/status/" + status, status);
        }
        call(SLUICE.runtime(0), "/payments", 200);
    }

    private static void call(Member runtime, String path, int status) {
        assertThat(Http.get(runtime.address(path)).statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void everyPageIsAccessibleAndComplete(Screen screen) {
        SoftAssertions seen = new SoftAssertions();
        ConsolePage console = BROWSER.person(SLUICE, screen).signIn();
        pages().forEach((name, fragment) -> {
            console.go(fragment);
            assertThat(console.page().locator("main h1")).isVisible();
            look(console, name, screen, seen);
        });
        seen.assertAll();
        console.requireNoFault();
    }

    @ParameterizedTest
    @EnumSource(Screen.class)
    void everyDialogIsAccessible(Screen screen) {
        SoftAssertions seen = new SoftAssertions();
        ConsolePage console = BROWSER.person(SLUICE, screen).signIn();
        console.button("Add New Service").click();
        look(console, "dialog-add-new-service", screen, seen);

        console.go("services/search/versions/v.1");
        console.button("New Implementation").click();
        console.text("View 6 Advanced Fields").click();
        look(console, "dialog-create-implementation", screen, seen);
        console.press("Next");
        console.press("Add Path");
        console.text("View Advanced Fields").click();
        look(console, "dialog-add-a-route", screen, seen);

        console.go(VERSION);
        console.act("View configuration");
        look(console, "dialog-configuration", screen, seen);
        console.go("revisions");
        console.button("Restore").last().click();
        assertThat(console.page().getByText("This will change")).isVisible();
        look(console, "dialog-restore", screen, seen);
        console.go("runtimes");
        console.button("Add Runtime").click();
        look(console, "dialog-add-runtime", screen, seen);
        console.press("Create");
        assertThat(console.dialog("Add Runtime")).containsText("shown this once");
        look(console, "dialog-runtime-command", screen, seen);
        console.go("certificates");
        console.button("Add Certificate").click();
        look(console, "dialog-add-certificate", screen, seen);
        console.page().keyboard().press("Escape");
        assertThat(console.dialog("Add Certificate")).isHidden();
        console.button("Add SNI").click();
        look(console, "dialog-add-sni", screen, seen);
        console.go("upstreams");
        console.button("Add Upstream").click();
        console.text("Health Checks").click();
        console.text("Limits and Host").click();
        look(console, "dialog-add-upstream", screen, seen);
        console.go("upstreams/orders.upstream");
        console.button("Add Target").click();
        look(console, "dialog-add-target", screen, seen);
        console.go("users");
        console.button("Add User").click();
        look(console, "dialog-add-user", screen, seen);
        console.page().keyboard().press("Escape"); // the page is the same, so going to it closes nothing
        assertThat(console.dialog("Add User")).isHidden();
        console.button("Add Token").click();
        look(console, "dialog-add-token", screen, seen);
        seen.assertAll();
        console.requireNoFault();
    }

    @Test
    void whyIsAnswered() {
        ConsolePage console = BROWSER.person(SLUICE).signIn().go("routes");
        Page page = console.page();
        page.getByLabel("Path", new Page.GetByLabelOptions().setExact(true)).fill("/orders/7?x=1");
        console.button("Why?").click();
        assertThat(page.locator(".why-answer")).containsText("Reaches route orders");
        assertThat(page.locator(".why-answer"))
                .containsText(SLUICE.echo().address("/7?x=1").toString());
        assertThat(page.locator(".losers")).containsText("orders-admin");
        console.screenshot("why-light");

        page.getByLabel("Path", new Page.GetByLabelOptions().setExact(true)).fill("/ordersly");
        console.button("Why?").click();
        assertThat(page.locator(".why-answer")).containsText("/orders matches within a segment of /ordersly");
        console.requireNoFault();
    }

    @Test
    void itIsUsedByKeyboardAlone() {
        ConsolePage console = BROWSER.person(SLUICE);
        console.page().navigate(SLUICE.controlPlane(0).address() + "/");
        console.page().keyboard().type(SLUICE.token());
        console.page().keyboard().press("Enter");
        assertThat(console.heading("Services")).isVisible();
        console.button("Add New Service").focus();
        console.page().keyboard().press("Enter");
        assertThat(console.field("Service Name")).isFocused();
        console.page().keyboard().press("Escape");
        assertThat(console.dialog("Add New Service")).isHidden();
        assertThat(console.button("Add New Service")).isFocused();
        console.requireNoFault();
    }

    private static Map<String, String> pages() {
        Map<String, String> pages = new LinkedHashMap<>();
        pages.put("services", "services");
        pages.put("service", "services/orders");
        pages.put("version", VERSION);
        pages.put("version-without-implementation", "services/search/versions/v.1");
        pages.put("route", VERSION + "/routes/orders");
        pages.put("routes", "routes");
        pages.put("upstreams", "upstreams");
        pages.put("upstream", "upstreams/orders.upstream");
        pages.put("runtimes", "runtimes");
        pages.put("revisions", "revisions");
        pages.put("revision", "revisions/default/2");
        pages.put("certificates", "certificates");
        pages.put("users", "users");
        pages.put("audit", "audit");
        pages.put("missing", "nothing/here");
        return pages;
    }

    private static void look(ConsolePage console, String name, Screen screen, SoftAssertions seen) {
        assertThat(console.page().locator("sl-spinner")).hasCount(0);
        console.screenshot(name + "-" + screen.name().toLowerCase(Locale.ROOT));
        seen.assertThat(new AxeBuilder(console.page())
                        .analyze().getViolations().stream().filter(rule -> !isBlind(rule)))
                .as(name)
                .extracting(rule -> rule.getId() + ": " + rule.getNodes())
                .isEmpty();
        seen.assertThat(console.page().evaluate(BEYOND_THE_EDGE))
                .as("%s, what lies beyond the edge of the screen or dialog, in pixels", name)
                .isEqualTo(0);
    }

    /**
     * Of a Shoelace select within a dialog axe says that it has no visible label, though its rule {@code label} and the
     * browser's own accessibility tree both find the one that {@code aria-labelledby} names.
     */
    private static boolean isBlind(Rule rule) {
        return rule.getId().equals("label-title-only")
                && rule.getNodes().stream()
                        .allMatch(node -> String.valueOf(node.getTarget()).contains("select__display-input"));
    }
}

package dev.sluice.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One person's console, with the words for what people do there. */
final class ConsolePage {
    private final Page page;
    private final String address;
    private final String token;
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();

    ConsolePage(Page page, String address, String token) {
        this.page = page;
        this.address = address;
        this.token = token;
        page.onConsoleMessage(message -> {
            if (message.text().contains("Content Security Policy")) {
                violations.add(message.text());
            } else if (message.type().equals("error")) {
                faults.add(message.text());
            }
        });
        page.onPageError(violations::add);
    }

    Page page() {
        return page;
    }

    /** Opens the console and signs in, as the administrator. */
    ConsolePage signIn() {
        return signIn(token);
    }

    ConsolePage signIn(String token) {
        page.navigate(address + "/");
        enter(token);
        assertThat(heading("Services")).isVisible();
        return this;
    }

    /** Fills in the form that asks who one is. */
    void enter(String token) {
        page.getByLabel("Token", new Page.GetByLabelOptions().setExact(true)).fill(token);
        button("Sign in").click();
    }

    /** Goes to a page by its address. */
    @CanIgnoreReturnValue
    ConsolePage go(String fragment) {
        page.navigate(address + "/#/" + fragment);
        return this;
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator text(String text) {
        return page.getByText(text, new Page.GetByTextOptions().setExact(true));
    }

    /** The dialog that is open. */
    Locator dialog(String name) {
        return page.locator("sl-dialog[label='" + name + "']");
    }

    /** A field of the dialog that is open. */
    Locator field(String label) {
        return page.locator("sl-dialog").getByLabel(label, new Locator.GetByLabelOptions().setExact(true));
    }

    void press(String inDialog) {
        page.locator("sl-dialog")
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(inDialog).setExact(true))
                .click();
    }

    /** Chooses from the menu Actions. */
    void act(String item) {
        act("Actions", item);
    }

    void act(String menu, String item) {
        button(menu).click();
        page.getByRole(AriaRole.MENUITEM, new Page.GetByRoleOptions().setName(item))
                .click();
    }

    void screenshot(String name) {
        ConsoleBrowser.screenshot(page, name);
    }

    /** Nothing has been held back by the policy, and no script has failed. */
    void requireNoViolation() {
        assertThat(violations)
                .as("of the content security policy, and failed scripts")
                .isEmpty();
    }

    /** As above, and no request has failed either. */
    void requireNoFault() {
        requireNoViolation();
        assertThat(faults).as("errors in the browser's console").isEmpty();
    }
}

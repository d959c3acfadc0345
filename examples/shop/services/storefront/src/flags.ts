import { InMemoryProvider, OpenFeature } from "@openfeature/server-sdk";

const toggle = (on: boolean) => ({
  variants: { on: true, off: false },
  defaultVariant: on ? ("on" as const) : ("off" as const),
  disabled: false,
});

await OpenFeature.setProviderAndWait(
  new InMemoryProvider({
    "gift-wrap": toggle(process.env.FEATURE_GIFT_WRAP === "true"),
    "search-suggestions": toggle(process.env.FEATURE_SEARCH_SUGGESTIONS === "true"),
  }),
);

const client = OpenFeature.getClient("storefront");

/** Whether customers may order gift wrap. */
export const giftWrap = () => client.getBooleanValue("gift-wrap", false);

/** Whether the search box proposes titles while a customer types. */
export const searchSuggestions = () => client.getBooleanValue("search-suggestions", false);

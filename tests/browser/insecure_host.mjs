/** This machine by a name that browsers do not trust without HTTPS, as they trust its address. */
export const insecureHost = 'shop.test';

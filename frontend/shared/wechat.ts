// WeChat's own browser, which nearly everybody opens an invitation in: it closes pages readily, and may save and print
// nothing. It is known by the name that it gives of itself.

export const isWeChat = /MicroMessenger/i.test(navigator.userAgent);

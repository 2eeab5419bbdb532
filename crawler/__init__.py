"""The Scrapy project: it fetches politely and hands bytes to the archive; it reads links and dates, never text."""
